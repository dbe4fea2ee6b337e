"""Columns mapped onto a normal distribution by their ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from autotransfer.data import Array

_EDGE = 1e-7  # probabilities are kept this far from 0 and 1, so that normal scores stay within 5.2
_MOST = 1000


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles of each column at equally spaced probabilities, shape (q, d)."""

    values: Array

    @classmethod
    def of(cls, X: Array) -> Self:
        """Learn from X (n, d) without missing entries."""
        if not len(X):
            return cls(np.zeros((2, X.shape[1])))
        probabilities = np.linspace(0, 1, max(2, min(_MOST, len(X))))
        values = np.percentile(X, 100 * probabilities, axis=0)
        return cls(np.maximum.accumulate(values, axis=0))  # rounding may break the order by one unit

    def normal_scores(self, X: Array) -> Array:
        """Float64 of shape (n, d), within ±5.2."""
        from scipy.special import ndtri

        references = np.linspace(0, 1, len(self.values))
        scores = np.empty(X.shape)
        for j, (x, q) in enumerate(zip(X.T, self.values.T, strict=True)):
            # the mean of both directions puts ties into the middle of the ranks that they share
            up, down = np.interp(x, q, references), np.interp(-x, -q[::-1], -references[::-1])
            ranks = 0.5 * (up - down)
            ranks[x >= q[-1]] = 1
            ranks[x <= q[0]] = 0
            scores[:, j] = ndtri(np.clip(ranks, _EDGE, 1 - _EDGE))
        return scores
