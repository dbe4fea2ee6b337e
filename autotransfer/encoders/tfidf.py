"""Texts as weighted words and word pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.term_weights import TermWeights
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class FittedTfidf(FittedEncoder):
    """Terms and their weights, as dense rows."""

    terms: TermWeights

    def transform(self, data: Dataset) -> Array:
        return np.asarray(self.terms.apply(data).toarray(), np.float32)

    def state(self) -> State:
        return self.terms.state()


@final
@dataclass(frozen=True)
class TfidfEncoder(Encoder):
    """Spärck Jones, "A statistical interpretation of term specificity and its application in retrieval", Journal of
    Documentation 1972 (https://doi.org/10.1108/eb026526): words and pairs of neighbouring words, sublinear counts
    times inverse document frequency, rows of length 1. Terms are hashed (Weinberger et al., "Feature hashing for large
    scale multitask learning", ICML 2009, https://doi.org/10.1145/1553374.1553516), so no vocabulary is kept.

    :param max_features: the terms found in most training rows, at most so many, at least 1.
    """

    name: ClassVar[str] = "tfidf"
    modality: ClassVar[Modality] = Modality.TEXT
    reference: ClassVar[str] = "Spärck Jones, Journal of Documentation 1972"

    max_features: int = 3000

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedTfidf(TermWeights.of("words", data, self.max_features))

    def restore(self, state: State) -> FittedEncoder:
        return FittedTfidf(TermWeights.restore("words", state))
