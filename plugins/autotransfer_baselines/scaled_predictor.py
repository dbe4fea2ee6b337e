"""A predictor behind a domain scaler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

from autotransfer.data import Array, Dataset
from autotransfer.learners import FeaturesPredictor, LearnerPredictor, SourceSide
from autotransfer.predictor import Predictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class ScaledPredictor(FeaturesPredictor):
    """Scales rows as the target's training rows were, then predicts."""

    scaler: DomainScaler
    inner: LearnerPredictor

    def predict_features(self, X: Array) -> Array:
        return self.inner.predict_features(self.scaler.transform(X))

    def represent(self, data: Dataset) -> Array:
        """Target rows, scaled."""
        return self.scaler.transform(data.X)

    def for_source(self) -> Predictor:
        """Rows of the source are scaled by their own statistics."""
        return SourceSide(self.inner, lambda data: self.scaler.of_source(data.X, data.domain))

    def state(self) -> State:
        return {"scaler": self.scaler.state(), "inner": self.inner.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(DomainScaler.restore(state["scaler"]), LearnerPredictor.restore(state["inner"]))
