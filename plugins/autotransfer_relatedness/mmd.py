"""Distance between the distributions of source and target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.mixed_kernel import median_squared_distance, mixed_mmd2
from autotransfer_relatedness.rows import unlabeled_pair


@final
@dataclass(frozen=True)
class MaximumMeanDiscrepancy(RelatednessEstimator):
    """Unbiased MMD^2 of Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012.

    mean_{i≠j} k(s_i, s_j) + mean_{i≠j} k(t_i, t_j) - 2 mean_{i,j} k(s_i, t_j), with k the mean of five Gaussian
    kernels exp(-||x - y||^2 / (b M)), b = 1/4, 1/2, 1, 2, 4, and M the median of the pooled squared distances.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "mmd"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "squared kernel mean distance, about 0 to 2; slightly negative values are noise"
    cost: ClassVar[str] = "O((n + m)^2 d)"
    meaning: ClassVar[str] = "0: source and target rows look drawn from one distribution; large: from different ones."
    reference: ClassVar[str] = "Gretton et al., JMLR 13, 2012, jmlr.org/papers/v13/gretton12a.html"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """MMD^2; NaN with fewer than 2 rows in a domain."""
        S, T = unlabeled_pair(task, source, ctx, self.cap, self.dims)
        m, n = len(S), len(T)
        if min(m, n) < 2:
            return float("nan")
        scale = median_squared_distance(np.concatenate([S, T]), ctx.rng())
        if scale == 0:
            return 0.0
        return mixed_mmd2(S, T, scale)
