"""How well a linear model of the source does on the target's labelled rows, as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.metrics import METRICS
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.ridge import fit_ridge
from autotransfer_relatedness.rows import encode_labels, labeled_pair


@final
@dataclass(frozen=True)
class CrossDomainScore(RelatednessEstimator):
    """err(h_S -> T), one half of the bidirectional cross-learning score (arXiv:2510.10866), as a gain over chance.

    h_S is ridge regression (one output a class) on source rows. Classes: its accuracy on the target's labelled rows
    minus the share of their most frequent class. Values: R^2 there.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "cross_domain_score"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "accuracy above the majority class, -1 to 1; or R^2, up to 1"
    cost: ClassVar[str] = "O(m d^2 + d^3)"
    seconds: ClassVar[float] = 0.1
    meaning: ClassVar[str] = "Above 0: the source's model already predicts the target; at or below 0: it does not."
    reference: ClassVar[str] = "cross-learning score, arXiv:2510.10866"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The score; NaN without labelled rows on both sides, or for a constant target value."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        if min(len(pair.source), len(pair.target)) == 0:
            return float("nan")
        model = fit_ridge(pair.source, encode_labels(pair.source_y, task.n_classes))
        outputs = model.predict(pair.target)
        if task.is_regression:
            return METRICS["r2"].score(pair.target_y, outputs[:, 0])
        majority = np.bincount(pair.target_y).max() / len(pair.target_y)
        return METRICS["accuracy"].score(pair.target_y, outputs) - float(majority)
