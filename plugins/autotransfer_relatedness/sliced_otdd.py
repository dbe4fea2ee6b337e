"""Distance between source and target as sets of labelled rows, whatever their labels are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.rows import labeled_pair

_CUT = 3.0
"""Standard deviations."""


@final
@dataclass(frozen=True)
class SlicedDatasetDistance(RelatednessEstimator):
    """s-OTDD: Nguyen, Nguyen, Pham and Ho, Lightspeed Geometric Dataset Distance via Sliced Optimal Transport, ICML
    2025 (arXiv:2501.18901): the root of the mean over slices of W_2^2 between the projections
    psi_0 z + sum_j psi_j mu_j / l_j! of both sets' rows.

    In a slice, z = theta^T x for a direction theta drawn from the sphere, mu_j is the mean of z^(l_j) over the rows of
    the row's class (the class as a distribution), l_j is Poisson of rate j without 0, j = 1 .. ``moments``, and psi is
    drawn from the sphere. Classes need no partner: any two label sets compare. Rates and number of moments are those
    of the authors' experiments. Those were on pixels and embeddings, which have bounds; here columns, on the scale of
    both sets together, are cut off at three standard deviations, or the high moments would be those of a few outliers.

    :param slices: at least 1. :param moments: at least 1. :param cap: rows taken from each domain, at most.
    :param dims: width above which rows are projected (pooled PCA).
    """

    slices: int = 500
    moments: int = 5
    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "sliced_otdd"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "standard deviations of a feature, from 0"
    cost: ClassVar[str] = "O((n + m) (d + log(n + m))) for each of 500 slices"
    seconds: ClassVar[float] = 0.4
    meaning: ClassVar[str] = "0: classes of source and target lie in the same places; large: they do not."
    reference: ClassVar[str] = "Nguyen et al., ICML 2025, arXiv:2501.18901"
    regression: ClassVar[bool] = False

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The distance; NaN without labelled rows on both sides."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        if min(len(pair.source), len(pair.target)) == 0 or source.classes is None:
            return float("nan")
        rng = ctx.rng()
        theta = _sphere(rng, pair.source.shape[1], self.slices)
        psi = _sphere(rng, self.moments + 1, self.slices)
        orders = _positive_poisson(rng, np.arange(1.0, self.moments + 1.0)[:, None], self.slices)
        sides = ((pair.source, pair.source_y), (pair.target, pair.target_y))
        S, T = (_projected(np.clip(X, -_CUT, _CUT) @ theta, y, psi, orders) for X, y in sides)
        return float(np.sqrt(np.mean(squared_wasserstein(S, T))))


def squared_wasserstein(A: Array, B: Array) -> Array:
    """W_2^2 between the columns of A (n, L) and B (m, L) as samples of equal weights; shape (L,)."""
    A, B = np.sort(A, axis=0), np.sort(B, axis=0)
    n, m = len(A), len(B)
    # Between two neighbouring levels i / n and j / m both quantile functions are constant.
    levels = np.unique(np.concatenate([np.arange(1, n + 1) * m, np.arange(1, m + 1) * n]))
    widths = np.diff(levels, prepend=0) / (n * m)
    return np.asarray(widths @ (A[(levels - 1) // m] - B[(levels - 1) // n]) ** 2)


def _projected(Z: Array, y: Array, psi: Array, orders: Array) -> Array:
    """Every row's number in every slice, (n, slices)."""
    from scipy.special import gammaln

    found = psi[0] * Z
    for label in np.unique(y):
        own = Z[y == label]
        for weight, order in zip(psi[1:], orders, strict=True):
            found[y == label] += weight * np.mean(own**order, axis=0) * np.exp(-gammaln(order + 1.0))
    return np.asarray(found)


def _sphere(rng: np.random.Generator, d: int, n: int) -> Array:
    """Directions, (d, n)."""
    drawn = rng.normal(size=(d, n))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=0))


def _positive_poisson(rng: np.random.Generator, rates: Array, n: int) -> Array:
    """Poisson counts without 0, (rates, n): the first arrival is drawn inside of [0, 1], the others come after it."""
    first = -np.log1p(-rng.uniform(size=(len(rates), n)) * -np.expm1(-rates))
    return np.asarray(1.0 + rng.poisson(np.maximum(rates - first, 0.0)))
