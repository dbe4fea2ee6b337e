"""Distance between the second moments of source and target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.rows import unlabeled_pair


@final
@dataclass(frozen=True)
class CoralDistance(RelatednessEstimator):
    """||C_S - C_T||_F^2 / (4 d^2), from Sun and Saenko, Deep CORAL, ECCV Workshops 2016 (arXiv:1607.01719).

    C are sample covariances of columns that were put on the scale of both domains together.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "coral_distance"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "squared covariance difference per entry, from 0"
    cost: ClassVar[str] = "O((n + m) d^2)"
    seconds: ClassVar[float] = 0.05
    meaning: ClassVar[str] = "0: features vary together in the same way in source and target; large: they do not."
    reference: ClassVar[str] = "Sun and Saenko, ECCV Workshops 2016, arXiv:1607.01719"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The distance; NaN with fewer than 2 rows in a domain."""
        S, T = unlabeled_pair(task, source, ctx, self.cap, self.dims)
        d = S.shape[1]
        if min(len(S), len(T)) < 2 or d == 0:
            return float("nan")
        difference = np.cov(S, rowvar=False) - np.cov(T, rowvar=False)
        return float(np.sum(difference**2) / (4.0 * d * d))
