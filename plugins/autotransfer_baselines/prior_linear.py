"""A linear model that stays near the source's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners.learner_predictor import LearnerPredictor
from autotransfer.learners.linear_predictor import LinearPredictor
from autotransfer.learners.logistic import solve_logistic
from autotransfer.learners.ridge import solve_ridge
from autotransfer.learners.rows import Rows
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_baselines.domains import Domains
from autotransfer_baselines.scaled_predictor import ScaledPredictor


@final
@dataclass(frozen=True)
class PriorLinear(Method):
    """The method "Prior" of Daumé III, "Frustratingly easy domain adaptation", ACL 2007,
    https://aclanthology.org/P07-1033: Chelba
    and Acero, "Adaptation of maximum entropy capitalizer", EMNLP 2004, https://aclanthology.org/W04-3237; for support
    vector machines Yang, Yan and Hauptmann, "Adaptive SVM", ACM Multimedia 2007.

    Minimises the loss on the target rows plus ½ l2 ‖W - W_source‖²; W holds the intercept as well, so that classes
    without target rows keep what the source says of them.

    :param l2: penalty of the way from the source's weights, > 0. Towards infinity it is the source's model.
    :param source_l2: penalty of the source's weights, > 0.
    :param scaling: ``joint`` or ``per_domain``, see ``autotransfer.scaling``.
    """

    name: ClassVar[str] = "prior_linear"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Chelba and Acero, EMNLP 2004, https://aclanthology.org/W04-3237"
    predictor: ClassVar[type[Predictor]] = ScaledPredictor

    l2: float = 10.0
    source_l2: float = 1.0
    scaling: str = "joint"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ScaledPredictor:
        domains = Domains.of(task, source, self.scaling)
        ctx.check_time()
        start = np.zeros((domains.source.shape[1] + 1, task.n_classes if task.n_classes > 2 else 1))
        # The level of values is no deviation that should cost: it is taken out before and put back after.
        level = float(domains.source_y.mean()) if task.is_regression else 0.0
        prior = _step(domains.source, domains.source_y - level, start, self.source_l2, task.n_classes)
        ctx.check_time()
        W = _step(domains.target, domains.target_y - level, prior, self.l2, task.n_classes)
        inner = LinearPredictor(W[:-1], W[-1] + level, task.is_regression)
        present = None if task.is_regression else np.arange(task.n_classes)
        return ScaledPredictor(domains.scaler, LearnerPredictor(inner, present, task.n_classes))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(
            suggest.suggest_float("l2", 1e-2, 1e4, log=True),
            suggest.suggest_float("source_l2", 1e-2, 1e3, log=True),
            suggest.suggest_categorical("scaling", SCALINGS),
        )


def _step(X: Array, y: Array, prior: Array, l2: float, n_classes: int) -> Array:
    """Weights (d + 1, m), the intercept last, that trade the loss on (X, y) for nearness to ``prior``.

    With W = prior + V the penalty is that of V alone, and X prior is a fixed part of the scores.
    """
    A = np.column_stack([X, np.ones(len(X), X.dtype)])
    fixed = np.asarray(A @ prior.astype(A.dtype), np.float64)
    weights = np.ones(len(A))
    if n_classes == 0:
        V, _ = solve_ridge(Rows(A, y - fixed[:, 0], 0, weights), l2, intercept=False)
    else:
        V, _ = solve_logistic(Rows(A, y.astype(np.int64), n_classes, weights), l2, fixed, intercept=False)
    return prior + V
