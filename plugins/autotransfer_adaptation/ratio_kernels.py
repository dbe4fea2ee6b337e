"""Gaussian kernels around target rows, in which density ratios are expanded, and their candidate widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_adaptation.distances import median_squared_distance, squared_distances
from autotransfer_adaptation.principal import narrowed

CENTERS = 100
_ROWS = 1000
"""Rows of a domain that widths are chosen on."""
_WIDEST = 128
"""Distances are taken on so many principal directions at most."""
_WIDTHS = (0.2, 0.4, 0.7, 1.0, 1.5, 2.5, 5.0)
"""Standard deviations, as multiples of the median distance."""


@dataclass(frozen=True, eq=False)
class RatioKernels:
    """Squared distances to the centres.

    :param source: (m, b). :param target: (n, b). :param some: positions of source and target rows for choosing.
    """

    source: Array
    target: Array
    some: tuple[Array, Array]
    median: float

    @classmethod
    def around_target(cls, S: Array, T: Array, ctx: Context) -> RatioKernels:
        """Centres are 100 target rows drawn at random, all where there are fewer."""
        S, T = narrowed(S, T, _WIDEST, ctx.seed)
        rng = ctx.rng()
        centers = T[rng.permutation(len(T))[:CENTERS]]
        some = rng.permutation(len(S))[:_ROWS], rng.permutation(len(T))[:_ROWS]
        pooled = np.concatenate([S[some[0][:300]], T[some[1][:300]]])
        found = squared_distances(S, centers), squared_distances(T, centers)
        return cls(*found, some, median_squared_distance(pooled))

    def widths(self) -> Iterator[float]:
        """Variances sigma^2 to try."""
        yield from (factor**2 * self.median for factor in _WIDTHS)

    def values(self, variance: float) -> tuple[Array, Array]:
        """exp(-d^2 / (2 variance)) of source (m, b) and target rows (n, b)."""
        return np.exp(self.source / (-2.0 * variance)), np.exp(self.target / (-2.0 * variance))
