"""Texts as directions of co-occurring words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np
from scipy import sparse

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.term_weights import TermWeights
from autotransfer.state import State

_MOST_ROWS = 3000  # evenly spaced; more rows hardly turn the leading directions, but cost seconds in every fold


@final
@dataclass(frozen=True, eq=False)
class FittedLsa(FittedEncoder):
    """Terms, and directions of shape (components, terms)."""

    terms: TermWeights
    directions: Array

    def transform(self, data: Dataset) -> Array:
        projected = np.asarray(self.terms.apply(data) @ self.directions.T, np.float32)
        norms = np.linalg.norm(projected, axis=1, keepdims=True)
        return np.asarray(projected / np.where(norms > 0, norms, 1), np.float32)

    def state(self) -> State:
        return {**self.terms.state(), "directions": self.directions}


@final
@dataclass(frozen=True)
class LsaEncoder(Encoder):
    """Deerwester, Dumais, Furnas, Landauer and Harshman, "Indexing by latent semantic analysis", JASIS 1990
    (https://doi.org/10.1002/(SICI)1097-4571(199009)41:6%3C391::AID-ASI1%3E3.0.CO;2-9): TF-IDF rows projected on the
    leading right singular vectors of the training rows, then scaled to length 1.

    :param components: directions kept, at least 1; fewer where the training rows span fewer.
    :param max_features: terms, see ``tfidf``.
    """

    name: ClassVar[str] = "lsa"
    modality: ClassVar[Modality] = Modality.TEXT
    reference: ClassVar[str] = "Deerwester et al., JASIS 1990"

    components: int = 128
    max_features: int = 10_000

    def fit(self, data: Dataset) -> FittedEncoder:
        terms = TermWeights.of("words", data, self.max_features)
        return FittedLsa(terms, _directions(terms.apply(data), self.components))

    def restore(self, state: State) -> FittedEncoder:
        return FittedLsa(TermWeights.restore("words", state), np.asarray(state["directions"], np.float32))


def _directions(weights: sparse.csr_matrix, components: int) -> Array:
    from sklearn.utils.extmath import randomized_svd
    from threadpoolctl import threadpool_limits

    if weights.shape[0] > _MOST_ROWS:
        weights = weights[np.linspace(0, weights.shape[0] - 1, _MOST_ROWS).astype(np.int64)]
    most = min(weights.shape)
    if most == 0 or weights.nnz == 0:
        return np.zeros((1, weights.shape[1]), np.float32)
    # A fixed start and one thread make equal rows give equal directions, bit by bit, in every process. More threads
    # would not pay anyway: the work is thin matrices.
    with threadpool_limits(1):
        _, _, directions = randomized_svd(weights, min(components, most), n_iter=2, random_state=0)
    return np.asarray(directions, np.float32)
