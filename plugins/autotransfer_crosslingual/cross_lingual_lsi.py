"""Cross-language latent semantic indexing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self, final

from scipy import sparse

from autotransfer.assets import Asset
from autotransfer.bridge import Bridge
from autotransfer.method import Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_crosslingual.bilingual import NEEDS, Bilingual, suggest_l2, suggest_weight
from autotransfer_crosslingual.factors import leading_factors
from autotransfer_crosslingual.lexicon import some_sentences
from autotransfer_crosslingual.reader import Reader, inverse_frequencies, weighted
from autotransfer_crosslingual.vocabulary import Vocabulary

_MOST_WORDS = 15_000


@final
@dataclass(frozen=True)
class CrossLingualLsi(Bilingual):
    """Dumais, Letsche, Littman and Landauer, "Automatic cross-language retrieval using latent semantic indexing", AAAI
    Spring Symposium 1997 (SS-97-05): every pair of parallel sentences is one text with the words of both languages;
    its leading right singular vectors are one space for the words of both, into which texts of one language are folded.
    Terms weigh by TF-IDF where the paper takes log-entropy weights.

    :param width: singular vectors. :param l2: see ``Bilingual``. :param weight: see ``Bilingual``.
    """

    width: int = 100

    name: ClassVar[str] = "cross_lingual_lsi"
    needs: ClassVar[Asset] = NEEDS | Asset.PARALLEL
    uses: ClassVar[Asset] = Asset.TARGET_LABELS
    reference: ClassVar[str] = "Dumais, Letsche, Littman and Landauer, AAAI Spring Symposium 1997, SS-97-05"

    def readers(self, task: Task, source: Source, ctx: Context) -> tuple[Reader, Reader]:
        """From the parallel sentences alone."""
        if task.bridge is None:
            raise TypeError(f"{self.name} needs parallel sentences")
        return joint_readers(task.bridge, self.width)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(suggest_l2(suggest), suggest_weight(suggest), suggest.suggest_int("width", 20, 400, log=True))


@lru_cache(maxsize=8)
def joint_readers(bridge: Bridge, width: int) -> tuple[Reader, Reader]:
    """Of both languages; remembered, since folds and trials ask for the same ones.

    There are at most half as many directions as words of one language, or pairs: with all of them every word would have
    its own, and nothing would be shared.
    """
    pairs = some_sentences(bridge)
    sides = [tuple(str(text) for text in pairs[:, side]) for side in (0, 1)]
    known = [Vocabulary.of(texts, _MOST_WORDS) for texts in sides]
    counts = [vocabulary.counts(texts) for vocabulary, texts in zip(known, sides, strict=True)]
    joint = sparse.hstack(counts, format="csr")
    idf = inverse_frequencies(joint)
    few = min(len(pairs), *(len(vocabulary) for vocabulary in known))
    _, _, Vt = leading_factors(weighted(joint, idf), max(1, min(width, few // 2)))
    cut = len(known[0])
    there = Reader(known[0], idf[:cut], vectors=Vt.T[:cut])
    return there, Reader(known[1], idf[cut:], vectors=Vt.T[cut:])
