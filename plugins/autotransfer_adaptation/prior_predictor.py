"""A learner whose outputs are moved to other class shares."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.learners import FeaturesPredictor, LearnerPredictor, SourceSide
from autotransfer.predictor import Predictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class PriorPredictor(FeaturesPredictor):
    """``learner(scaler(x)) * ratios``, scaled to sum 1.

    :param ratios: (n_classes,), positive. :param diagnostics: named figures of the fit.
    """

    scaler: DomainScaler
    learner: LearnerPredictor
    ratios: Array
    diagnostics: dict[str, float] = field(default_factory=dict)

    def predict_features(self, X: Array) -> Array:
        """Class probabilities (n, n_classes) of target rows (n, d)."""
        outputs = self.learner.predict_features(self.scaler.transform(np.asarray(X, dtype=np.float64))) * self.ratios
        return np.asarray(outputs / outputs.sum(axis=1, keepdims=True))

    def represent(self, data: Dataset) -> Array:
        """Scaled rows of the target."""
        return self.scaler.transform(np.asarray(data.X, dtype=np.float64))

    def for_source(self) -> Predictor:
        """The learner with its own outputs: the source has the class shares that it was trained with."""
        own = replace(self, scaler=DomainScaler(None, None), ratios=np.ones(len(self.ratios)))
        return SourceSide(own, lambda data: self.scaler.of_source(np.asarray(data.X, dtype=np.float64), data.domain))

    def state(self) -> State:
        """Arrays, the learner's state and the diagnostics."""
        return {
            "scaler": self.scaler.state(),
            "learner": self.learner.state(),
            "ratios": self.ratios,
            "diagnostics": dict(self.diagnostics),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(
            DomainScaler.restore(state["scaler"]),
            LearnerPredictor.restore(state["learner"]),
            np.asarray(state["ratios"], np.float64),
            {str(name): float(value) for name, value in state["diagnostics"].items()},
        )
