"""How well a linear classifier tells source rows from target rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.folds import assign_folds
from autotransfer_relatedness.ridge import fit_ridge
from autotransfer_relatedness.rows import unlabeled_pair


@final
@dataclass(frozen=True)
class ProxyADistance(RelatednessEstimator):
    """2 (1 - 2 err), err the error of a domain classifier: Ben-David et al., NIPS 2006.

    The classifier is a least-squares linear one in which both domains weigh the same, err its balanced error over
    cross-validation folds; values below 0 (an error worse than chance) are reported as 0.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    :param folds: at least 2.
    """

    cap: int = 1000
    dims: int = 512
    folds: int = 5

    name: ClassVar[str] = "proxy_a_distance"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "A-distance, 0 to 2"
    cost: ClassVar[str] = "O((n + m) d^2 + d^3)"
    seconds: ClassVar[float] = 0.3
    meaning: ClassVar[str] = "0: source and target rows cannot be told apart; 2: always."
    reference: ClassVar[str] = "Ben-David et al., Analysis of Representations for Domain Adaptation, NIPS 2006"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The distance; NaN with fewer rows in a domain than folds."""
        S, T = unlabeled_pair(task, source, ctx, self.cap, self.dims)
        if min(len(S), len(T)) < self.folds:
            return float("nan")
        X = np.concatenate([S, T])
        is_target = np.repeat([0, 1], [len(S), len(T)])
        weights = np.where(is_target, 1.0 / len(T), 1.0 / len(S))
        folds = assign_folds(ctx.rng(), is_target, self.folds, stratify=True)
        wrong = np.empty(len(X))
        for fold in range(self.folds):
            held, kept = folds == fold, folds != fold
            model = fit_ridge(X[kept], 2.0 * is_target[kept, None] - 1.0, weights[kept])
            wrong[held] = (model.predict(X[held])[:, 0] > 0) != is_target[held]
        error = 0.5 * (wrong[is_target == 0].mean() + wrong[is_target == 1].mean())
        return float(np.clip(2.0 * (1.0 - 2.0 * error), 0.0, 2.0))
