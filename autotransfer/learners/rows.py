"""Training rows, made uniform before a learner sees them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array


@dataclass(frozen=True, eq=False)
class Rows:
    """What a learner trains on.

    :param X: (n, d) float32 or float64.
    :param y: int64 (n,) in ``range(n_classes)``, every class present; float64 (n,) for regression.
    :param n_classes: 0 for regression.
    :param weights: (n,) float64, positive.
    """

    X: Array
    y: Array
    n_classes: int
    weights: Array

    @classmethod
    def prepare(cls, X: Array, y: Array, present: Array | None, weights: Array | None) -> Rows:
        """Leave out rows of no weight; number the present classes (None: regression) from 0.

        When no row has weight, all count alike.
        """
        X, y = np.asarray(X), np.asarray(y)
        if X.dtype not in (np.float32, np.float64):
            X = X.astype(np.float64)
        kept = _weighty(len(y), weights)
        given = np.ones(len(y)) if weights is None or not np.any(weights) else np.asarray(weights, np.float64)
        if not kept.all():
            X, y, given = X[kept], y[kept], given[kept]
        if present is None:
            return cls(X, y.astype(np.float64), 0, given)
        return cls(X, np.searchsorted(present, y), len(present), given)

    @property
    def constant(self) -> bool:
        """True when there is a single class or value, so nothing to learn."""
        return bool(self.n_classes == 1 or np.all(self.y == self.y[0]))


def present_classes(y: Array, weights: Array | None) -> Array:
    """Class indices that have a row of positive weight, ascending."""
    return np.unique(np.asarray(y)[_weighty(len(y), weights)]).astype(np.int64)


def _weighty(n: int, weights: Array | None) -> Array:
    if weights is None or not np.any(weights):
        return np.ones(n, dtype=bool)
    return np.asarray(weights) > 0
