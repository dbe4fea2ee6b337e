"""The rule that knows no description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_zeroshot.described import moments
from autotransfer_zeroshot.distances import class_distances
from autotransfer_zeroshot.predictor import ClassScores, Scores


@final
@dataclass(frozen=True)
class SeenOrChance(Method):
    """Nearest class mean with a reject option (distance reject: Dubuisson and Masson, "A statistical decision rule with
    incomplete knowledge about classes", Pattern Recognition 26(1), 1993).

    A row that is farther from all means of seen classes than most training rows is said to be of an unseen class, of
    whichever comes first: which one, only a description could tell. What a zero-shot method has to beat.

    :param rejected: share of the training rows that would be called unseen, were they not part of the means.
    """

    rejected: float = 0.2

    name: ClassVar[str] = "seen_or_chance"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.UNSEEN_CLASSES
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Dubuisson and Masson, Pattern Recognition 26(1), 1993"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Means, and a quantile of the distances to the nearest."""
        ctx.check_time()
        X, y = np.asarray(task.train.X, np.float64), task.train.labels
        mean, scale = moments(X)
        Z, seen = (X - mean) / scale, np.unique(y)
        means, squares = class_distances(Z, y)
        (W, Q), b = np.zeros((2, Z.shape[1], task.n_classes)), np.zeros(task.n_classes)
        # Minus the score is the squared distance, of unseen classes the threshold.
        W[:, seen], b[seen], Q[:, seen] = 2 * means.T, -np.square(means).sum(axis=1), -1.0
        distances = squares.min(axis=1)
        b[np.setdiff1d(np.arange(len(b)), seen)] = -np.quantile(distances, 1 - self.rejected)
        return ClassScores(Scores(W, b, Q).times(1 / max(float(distances.mean()), 1e-12)), mean, scale)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The share of rejected rows."""
        return cls(rejected=suggest.suggest_float("rejected", 0.0, 0.9))
