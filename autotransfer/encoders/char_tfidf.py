"""Texts as weighted character n-grams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.data import Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.term_weights import TermWeights
from autotransfer.encoders.tfidf import FittedTfidf
from autotransfer.state import State


@final
@dataclass(frozen=True)
class CharTfidfEncoder(Encoder):
    """Cavnar and Trenkle, "N-gram-based text categorization", SDAIR 1994: character n-grams of 3 to 5 characters within
    words, weighted as in ``tfidf``. Robust to misspelling, inflection and scripts without blanks.

    :param max_features: the n-grams found in most training rows, at most so many, at least 1.
    """

    name: ClassVar[str] = "char_tfidf"
    modality: ClassVar[Modality] = Modality.TEXT
    reference: ClassVar[str] = "Cavnar & Trenkle, SDAIR 1994"

    max_features: int = 3000

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedTfidf(TermWeights.of("characters", data, self.max_features))

    def restore(self, state: State) -> FittedEncoder:
        return FittedTfidf(TermWeights.restore("characters", state))
