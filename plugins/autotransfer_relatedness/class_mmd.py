"""Distance between the distributions of source and target, class by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.mixed_kernel import median_squared_distance, mixed_mmd2
from autotransfer_relatedness.rows import labeled_pair


@final
@dataclass(frozen=True)
class ClassConditionalMmd(RelatednessEstimator):
    """sum_c w_c MMD^2(S_c, T_c), the class-conditional distance of joint distribution adaptation: Long, Wang, Ding, Sun
    and Yu, ICCV 2013 (doi:10.1109/ICCV.2013.274).

    S_c and T_c are the labelled rows of class c, w_c its share of the target's among the classes with two rows or more
    on both sides. MMD^2 is the unbiased one with five Gaussian kernels, as for ``mmd``; M is the median of the pooled
    squared distances of all rows.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "class_mmd"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "squared kernel mean distance, about 0 to 2; slightly negative values are noise"
    cost: ClassVar[str] = "O((n + m)^2 d / C)"
    seconds: ClassVar[float] = 0.05
    meaning: ClassVar[str] = "0: rows of one class look alike in source and target; large: they do not."
    reference: ClassVar[str] = "Long et al., ICCV 2013, doi:10.1109/ICCV.2013.274"
    regression: ClassVar[bool] = False

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The sum; NaN where no class has two rows on both sides."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        counts = [np.bincount(y, minlength=task.n_classes) for y in (pair.source_y, pair.target_y)]
        shared = np.flatnonzero((counts[0] > 1) & (counts[1] > 1))
        if len(shared) == 0:
            return float("nan")
        scale = median_squared_distance(np.concatenate([pair.source, pair.target]), ctx.rng())
        if scale == 0:
            return 0.0
        weights = counts[1][shared] / counts[1][shared].sum()
        parts = [mixed_mmd2(pair.source[pair.source_y == c], pair.target[pair.target_y == c], scale) for c in shared]
        return float(weights @ parts)
