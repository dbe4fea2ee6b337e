"""How well the models of source and target do on each other's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.folds import assign_folds
from autotransfer_relatedness.ridge import fit_ridge
from autotransfer_relatedness.rows import encode_labels, labeled_pair

_FOLDS = 5


@final
@dataclass(frozen=True)
class CrossLearningScore(RelatednessEstimator):
    """Cross-learning score of Sun, Zhang and Watkins, arXiv:2510.10866, above the baseline:
    (err(h_S, T) + err(h_T, S)) / 2 - err(T).

    h_S and h_T are ridge regressions (one output a class) of source and target; err is the share of rows given a wrong
    class, or the mean squared error over the variance of the rows' own values. err(T), the baseline by which the
    authors tell zones of positive and negative transfer apart, is the target's own error in 5-fold cross-validation.
    The authors fit an ensemble of several kinds of model; here it is the linear one of all the probes.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "cross_learning_score"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "error above the target's own, -1 to 1; or in shares of the variance, from -1"
    cost: ClassVar[str] = "O((n + m) d^2 + d^3), up to 7 times"
    seconds: ClassVar[float] = 0.4
    meaning: ClassVar[str] = "At or below 0: each side's model does on the other as well as the target's on its own."
    reference: ClassVar[str] = "Sun, Zhang and Watkins, arXiv:2510.10866"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The score above the baseline; NaN with fewer than 5 labelled target rows, no source rows or constant values
        on a side."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        values = (pair.target_y, pair.source_y)
        if len(pair.target) < _FOLDS or len(pair.source) == 0:
            return float("nan")
        if task.is_regression and any(np.ptp(y) == 0 for y in values):
            return float("nan")
        ours, theirs = (encode_labels(y, task.n_classes) for y in values)
        there = _error(fit_ridge(pair.source, theirs).predict(pair.target), ours)
        back = _error(fit_ridge(pair.target, ours).predict(pair.source), theirs)
        folds = assign_folds(ctx.rng(), pair.target_y, _FOLDS, stratify=not task.is_regression)
        outputs = np.empty_like(ours)
        for fold in range(_FOLDS):
            ctx.check_time()
            held = folds == fold
            outputs[held] = fit_ridge(pair.target[~held], ours[~held]).predict(pair.target[held])
        return 0.5 * (there + back) - _error(outputs, ours)


def _error(outputs: Array, Y: Array) -> float:
    if Y.shape[1] == 1:
        return float(np.mean((outputs - Y) ** 2) / np.var(Y))
    return float(np.mean(outputs.argmax(axis=1) != Y.argmax(axis=1)))
