"""Predictions from the nearest training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.state import State

_BLOCK = 4_000_000
"""Distances held at a time."""


@final
@dataclass(frozen=True, eq=False)
class NeighborsPredictor(FeaturesPredictor):
    """The nearest rows whose weights sum up to ``k`` vote; the last one with what is left of its weight.

    :param X: (m, d) stored rows, of unit length for ``cosine``. :param answers: (m, n_classes) one-hot, or (m, 1).
    :param weights: (m,) positive; unit weights give plain k nearest neighbours.
    :param cosine: angles instead of distances. :param closer_counts: votes weigh by inverse distance.
    """

    X: Array
    answers: Array
    weights: Array
    k: int
    cosine: bool
    closer_counts: bool
    regression: bool

    def predict_features(self, X: Array) -> Array:
        step = max(1, _BLOCK // len(self.X))
        blocks = [self._vote(X[start : start + step]) for start in range(0, len(X), step)]
        votes = np.concatenate(blocks) if blocks else np.empty((0, self.answers.shape[1]))
        return votes[:, 0] if self.regression else votes

    def _vote(self, X: Array) -> Array:
        distances = self._distances(X)
        nearest = _nearest(distances, self._enough())
        shares = self._shares(nearest)
        if self.closer_counts:
            near = np.take_along_axis(distances, nearest, axis=1)
            # A row that is met again outvotes all others, as its inverse distance would.
            shares = shares / np.maximum(near, 1e-9 * near[:, -1:] + 1e-300)
        shares /= shares.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("nk,nkc->nc", shares, self.answers[nearest]))

    def _distances(self, X: Array) -> Array:
        """Euclidean, or 1 - cosine; shape (n, m)."""
        X = unit_rows(X) if self.cosine else np.asarray(X, np.float64)
        # Far from zero the squares would swallow the differences.
        centre = self.X.mean(axis=0)
        X, rows = X - centre, self.X - centre
        squares = (X * X).sum(1)[:, None] + (rows * rows).sum(1) - 2.0 * (X @ rows.T)
        squares = np.maximum(squares, 0.0)
        return np.asarray(squares / 2.0 if self.cosine else np.sqrt(squares))

    def _enough(self) -> int:
        """So many rows weigh k together, whichever they are."""
        lightest_first = np.cumsum(np.sort(self.weights))
        return min(len(self.X), int(np.searchsorted(lightest_first, self.k - 1e-9)) + 1)

    def _shares(self, nearest: Array) -> Array:
        weights = self.weights[nearest]
        before = np.cumsum(weights, axis=1) - weights
        return np.asarray(np.clip(self.k - before, 0.0, weights))

    def state(self) -> State:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(
            X=np.asarray(state["X"], np.float64),
            answers=np.asarray(state["answers"], np.float64),
            weights=np.asarray(state["weights"], np.float64),
            k=int(state["k"]),
            cosine=bool(state["cosine"]),
            closer_counts=bool(state["closer_counts"]),
            regression=bool(state["regression"]),
        )


def unit_rows(X: Array) -> Array:
    """Rows scaled to unit length; zero rows stay."""
    X = np.asarray(X, np.float64)
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return np.asarray(X / np.where(lengths > 0, lengths, 1.0))


def _nearest(distances: Array, count: int) -> Array:
    """Columns of the ``count`` smallest entries of each row, smallest first."""
    if count < distances.shape[1]:
        columns = np.argpartition(distances, count - 1, axis=1)[:, :count]
    else:
        columns = np.broadcast_to(np.arange(distances.shape[1]), distances.shape)
    order = np.argsort(np.take_along_axis(distances, columns, axis=1), axis=1, kind="stable")
    return np.take_along_axis(columns, order, axis=1)
