"""A convex mix of two predictors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import FeaturesPredictor, LearnerPredictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class MixedPredictor(FeaturesPredictor):
    """``(1 - mix) near(x) + mix far(scaler(x))``."""

    near: LearnerPredictor
    far: LearnerPredictor
    scaler: DomainScaler
    mix: float

    def predict_features(self, X: Array) -> Array:
        far = self.far.predict_features(self.scaler.transform(X))
        return np.asarray((1.0 - self.mix) * self.near.predict_features(X) + self.mix * far)

    def state(self) -> State:
        return {
            "near": self.near.state(),
            "far": self.far.state(),
            "scaler": self.scaler.state(),
            "mix": self.mix,
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        near, far = (LearnerPredictor.restore(state[name]) for name in ("near", "far"))
        return cls(near, far, DomainScaler.restore(state["scaler"]), float(state["mix"]))
