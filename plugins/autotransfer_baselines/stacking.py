"""Predictions of source models as features of the target."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_baselines.domains import Domains
from autotransfer_baselines.stacked_predictor import StackedPredictor


@final
@dataclass(frozen=True)
class Stacking(Method):
    """The method "Pred" of Daumé III, "Frustratingly easy domain adaptation", ACL 2007,
    https://aclanthology.org/P07-1033, with one
    model for each source of a pool: stacked generalization, Wolpert, Neural Networks 1992,
    https://doi.org/10.1016/S0893-6080(05)80023-1, where the lower level is fitted on other data altogether.

    The source may have other classes than the target, or values where the target has classes.

    :param learner: trained on the target rows with the source models' scores.
    :param source_l2: penalty of the linear source models, > 0.
    :param keep_features: whether the target's learner sees the features, too.
    :param scaling: ``joint`` or ``per_domain``, see ``autotransfer.scaling``.
    """

    name: ClassVar[str] = "stacking"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Daumé III, ACL 2007, https://aclanthology.org/P07-1033; Wolpert, Neural Networks 1992"
    predictor: ClassVar[type[Predictor]] = StackedPredictor

    learner: AnyLearner = field(default_factory=Linear)
    source_l2: float = 1.0
    keep_features: bool = True
    scaling: str = "joint"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> StackedPredictor:
        domains = Domains.of(task, source, self.scaling)
        n_classes = len((source.classes if source else None) or ())
        level, spread = _level(domains.source_y, n_classes)
        models = []
        for label in np.unique(domains.domain):
            ctx.check_time()
            rows = domains.domain == label
            y = domains.source_y[rows] if n_classes else (domains.source_y[rows] - level) / spread
            models.append(Linear(self.source_l2).fit(domains.source[rows], y, n_classes=n_classes, seed=ctx.seed))
        stack = StackedPredictor(domains.scaler, tuple(models), None, self.keep_features)
        ctx.check_time()
        X = stack.features(domains.target)
        return stack.topped(self.learner.fit(X, domains.target_y, n_classes=task.n_classes, seed=ctx.seed))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(
            suggest_learner(suggest),
            suggest.suggest_float("source_l2", 1e-2, 1e3, log=True),
            suggest.suggest_categorical("keep_features", (True, False)),
            suggest.suggest_categorical("scaling", SCALINGS),
        )


def _level(y: np.ndarray, n_classes: int) -> tuple[float, float]:
    """Mean and spread of source values, so that their unit does not matter."""
    return (0.0, 1.0) if n_classes else (float(y.mean()), float(y.std()) or 1.0)
