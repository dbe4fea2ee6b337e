"""A mix of what the target's and the source's models say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_baselines.domains import Domains
from autotransfer_baselines.folds import folds
from autotransfer_baselines.mixed_predictor import MixedPredictor

_GRID = np.linspace(0.0, 1.0, 21)
_LEAST = 1e-3
"""Probabilities below count as this: one surprise must not decide the mix."""


@final
@dataclass(frozen=True)
class Interpolation(Method):
    """The method "LinInt" of Daumé III, "Frustratingly easy domain adaptation", ACL 2007,
    https://aclanthology.org/P07-1033:
    ``(1 - mix) target_model + mix source_model``, predictions being mixed, not weights.

    :param learner: of both models.
    :param tuned: choose ``mix`` by cross-validation over the target rows (log loss, squared error) instead,
        where there are two rows at least.
    :param mix: share of the source's model in [0, 1], when not tuned; 0 is the target alone, 1 the source alone.
    :param scaling: of the source's model, ``joint`` or ``per_domain``, see ``autotransfer.scaling``.
    """

    name: ClassVar[str] = "interpolation"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Daumé III, ACL 2007, https://aclanthology.org/P07-1033"
    predictor: ClassVar[type[Predictor]] = MixedPredictor

    learner: AnyLearner = field(default_factory=Linear)
    tuned: bool = True
    mix: float = 0.5
    scaling: str = "joint"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> MixedPredictor:
        domains = Domains.of(task, source, self.scaling)
        X, y, k = task.train.X, task.train.labels, task.n_classes
        ctx.check_time()
        far = self.learner.fit(domains.source, domains.source_y, n_classes=k, seed=ctx.seed)
        ctx.check_time()
        near = self.learner.fit(X, y, n_classes=k, seed=ctx.seed)
        mix = self.mix
        if self.tuned and len(y) > 1:
            mix = best_mix(y, self._held_out(task, ctx), far.predict_features(domains.target))
        return MixedPredictor(near, far, domains.scaler, mix)

    def _held_out(self, task: Task, ctx: Context) -> Array:
        """What target models say of rows that they were not trained on."""
        X, y, k = task.train.X, task.train.labels, task.n_classes
        predictions = np.zeros((len(y), k)) if k else np.zeros(len(y))
        for train, rest in folds(y, k, ctx.seed):
            ctx.check_time()
            predictions[rest] = self.learner.fit(X[train], y[train], n_classes=k, seed=ctx.seed).predict_features(
                X[rest]
            )
        return predictions

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(
            suggest_learner(suggest),
            suggest.suggest_categorical("tuned", (True, False)),
            suggest.suggest_float("mix", 0.0, 1.0),
            suggest.suggest_categorical("scaling", SCALINGS),
        )


def best_mix(y: Array, near: Array, far: Array) -> float:
    """The grid's mix of least loss: log loss of probabilities (n, k), squared error of values (n,)."""
    losses = [_loss(y, (1.0 - mix) * near + mix * far) for mix in _GRID]
    return float(_GRID[int(np.argmin(losses))])


def _loss(y: Array, predictions: Array) -> float:
    if predictions.ndim == 1:
        return float(np.mean((predictions - y) ** 2))
    return float(-np.mean(np.log(np.maximum(predictions[np.arange(len(y)), y], _LEAST))))
