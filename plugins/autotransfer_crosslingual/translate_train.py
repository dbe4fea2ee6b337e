"""Training rows translated into the target's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.method import Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.bilingual import NEEDS, USES, Bilingual, suggest_l2, suggest_weight
from autotransfer_crosslingual.lexicon import lexicon
from autotransfer_crosslingual.reader import Reader
from autotransfer_crosslingual.vocabulary import texts_of
from autotransfer_crosslingual.word_by_word import MOST_TERMS, both_readers


@final
@dataclass(frozen=True)
class TranslateTrain(Bilingual):
    """Banea, Mihalcea, Wiebe and Hassan, "Multilingual subjectivity analysis using machine translation", EMNLP 2008
    (aclanthology.org/D08-1014): labelled source texts are translated, and a model of the target's language learns from
    them. The translator is lexical: word by word, by the given dictionary or by IBM Model 1 of the parallel sentences,
    where the paper has a commercial engine; words without a translation stay as they are.

    :param l2: see ``Bilingual``. :param weight: see ``Bilingual``. :param terms: words of the target's language that
        the model sees, the most frequent.
    """

    terms: int = MOST_TERMS

    name: ClassVar[str] = "translate_train"
    needs: ClassVar[Asset] = NEEDS | Asset.DICTIONARY
    uses: ClassVar[Asset] = USES
    reference: ClassVar[str] = "Banea, Mihalcea, Wiebe and Hassan, EMNLP 2008, aclanthology.org/D08-1014"

    def readers(self, task: Task, source: Source, ctx: Context) -> tuple[Reader, Reader]:
        """The source's words stand for their translations."""
        if task.bridge is None:
            raise TypeError(f"{self.name} needs a dictionary or parallel sentences")
        right = texts_of(task.train, task.unlabeled)
        return both_readers(texts_of(source.rows), right, lexicon(task.bridge, back=False), self.terms)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(suggest_l2(suggest), suggest_weight(suggest), suggest.suggest_int("terms", 300, 6000, log=True))
