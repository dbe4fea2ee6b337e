"""Whether source and target rows could be one sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.mixed_kernel import bandwidths, median_squared_distance
from autotransfer_relatedness.rows import unlabeled_pair


@final
@dataclass(frozen=True)
class MmdTest(RelatednessEstimator):
    """Permutation test of Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012, section 8, on the value of ``mmd``.

    (MMD^2 - mean) / standard deviation, both over random splits of the pooled rows in two of the same sizes: how far
    the real split is from one at random. Unlike the share of splits beyond the real one, the p-value of the test, it
    goes on growing where no split is beyond.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    :param permutations: random splits.
    """

    cap: int = 1000
    dims: int = 512
    permutations: int = 199

    name: ClassVar[str] = "mmd_test"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "standard deviations of MMD^2 under random splits, from about -2"
    cost: ClassVar[str] = "O((n + m)^2 (d + 200))"
    seconds: ClassVar[float] = 3.0  # most of it to load PyTorch, where nothing else has
    meaning: ClassVar[str] = "Up to 2: no difference from the target's rows is seen; above 4: they surely differ."
    reference: ClassVar[str] = "Gretton et al., JMLR 13, 2012, jmlr.org/papers/v13/gretton12a.html"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The standardised MMD^2; NaN with fewer than 2 rows in a domain."""
        S, T = unlabeled_pair(task, source, ctx, self.cap, self.dims)
        if min(len(S), len(T)) < 2:
            return float("nan")
        scale = median_squared_distance(np.concatenate([S, T]), ctx.rng())
        if scale == 0:
            return 0.0
        import torch

        from autotransfer.kernels import permutation_test

        x, y = (torch.from_numpy(np.ascontiguousarray(sample)) for sample in (S, T))
        found = permutation_test(x, y, bandwidths(scale), permutations=self.permutations, seed=ctx.seed)
        spread = float(found.null.std())
        return (found.value - float(found.null.mean())) / spread if spread > 0 else 0.0
