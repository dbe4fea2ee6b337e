"""Rows to predict translated into the source's language."""

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
class TranslateTest(Bilingual):
    """Bel, Koster and Villegas, "Cross-lingual text categorization", ECDL 2003 (doi:10.1007/978-3-540-45175-4_13): the
    model is one of the source's language, and what it is to predict is translated. The translator is lexical: word by
    word, by the given dictionary or by IBM Model 1 of the parallel sentences; words without a translation stay as they
    are. Labelled target rows are translated too and learned from.

    :param l2: see ``Bilingual``. :param weight: see ``Bilingual``. :param terms: words of the source's language that
        the model sees, the most frequent.
    """

    terms: int = MOST_TERMS

    name: ClassVar[str] = "translate_test"
    needs: ClassVar[Asset] = NEEDS | Asset.DICTIONARY
    uses: ClassVar[Asset] = USES
    reference: ClassVar[str] = "Bel, Koster and Villegas, ECDL 2003, doi:10.1007/978-3-540-45175-4_13"

    def readers(self, task: Task, source: Source, ctx: Context) -> tuple[Reader, Reader]:
        """The target's words stand for their translations."""
        if task.bridge is None:
            raise TypeError(f"{self.name} needs a dictionary or parallel sentences")
        right = texts_of(task.train, task.unlabeled)
        here, there = both_readers(right, texts_of(source.rows), lexicon(task.bridge, back=True), self.terms)
        return there, here

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(suggest_l2(suggest), suggest_weight(suggest), suggest.suggest_int("terms", 300, 6000, log=True))
