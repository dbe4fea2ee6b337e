"""Training rows translated by the user's own translator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.method import Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.bilingual import NEEDS, USES, Bilingual, suggest_l2, suggest_weight
from autotransfer_crosslingual.reader import Reader, inverse_frequencies
from autotransfer_crosslingual.vocabulary import Vocabulary, texts_of
from autotransfer_crosslingual.word_by_word import MOST_TERMS


@final
@dataclass(frozen=True)
class CommandTranslateTrain(Bilingual):
    """Banea, Mihalcea, Wiebe and Hassan, "Multilingual subjectivity analysis using machine translation", EMNLP 2008
    (aclanthology.org/D08-1014), as ``translate_train``, the source's texts translated by the command of
    ``--translator``. That was run when the data were loaded; here its answers are looked up.

    :param l2: see ``Bilingual``. :param weight: see ``Bilingual``. :param terms: words of the target's language that
        the model sees, the most frequent.
    """

    terms: int = MOST_TERMS

    name: ClassVar[str] = "command_translate_train"
    needs: ClassVar[Asset] = NEEDS | Asset.TRANSLATOR
    uses: ClassVar[Asset] = USES
    reference: ClassVar[str] = "Banea, Mihalcea, Wiebe and Hassan, EMNLP 2008, aclanthology.org/D08-1014"

    def readers(self, task: Task, source: Source, ctx: Context) -> tuple[Reader, Reader]:
        """One reader; source rows are read as their translations."""
        if task.bridge is None:
            raise TypeError(f"{self.name} needs a translator")
        answers = task.bridge.translated
        left = [answers.get(text, text) for text in texts_of(source.rows)]
        texts = [*texts_of(task.train, task.unlabeled), *left]
        known = Vocabulary.of(texts, self.terms)
        here = Reader(known, inverse_frequencies(known.counts(texts)))
        return replace(here, translated=answers), here

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(suggest_l2(suggest), suggest_weight(suggest), suggest.suggest_int("terms", 300, 6000, log=True))
