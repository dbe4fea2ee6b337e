"""A model on top of other models' scores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import FeaturesPredictor, LearnerPredictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State

_LEAST = 1e-6
"""Probabilities below count as this, so that scores are finite."""


@final
@dataclass(frozen=True, eq=False)
class StackedPredictor(FeaturesPredictor):
    """Scales a row, asks the models below, and hands their scores to the top.

    :param top: None until it is trained.
    :param keep_features: whether the top also sees the features.
    """

    scaler: DomainScaler
    models: tuple[LearnerPredictor, ...]
    top: LearnerPredictor | None
    keep_features: bool

    def features(self, Z: Array) -> Array:
        """What the top sees of rows that are scaled already: (n, d, if kept, plus one column a score)."""
        parts = [Z] if self.keep_features else []
        parts += [_scores(model, Z) for model in self.models]
        return np.concatenate(parts, axis=1, dtype=np.float32)

    def topped(self, top: LearnerPredictor) -> StackedPredictor:
        """With a trained top."""
        return replace(self, top=top)

    def predict_features(self, X: Array) -> Array:
        if self.top is None:
            raise TypeError("the stack has no top model yet")
        return self.top.predict_features(self.features(self.scaler.transform(X)))

    def state(self) -> State:
        return {
            "scaler": self.scaler.state(),
            "models": [model.state() for model in self.models],
            "top": None if self.top is None else self.top.state(),
            "keep_features": self.keep_features,
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(
            DomainScaler.restore(state["scaler"]),
            tuple(LearnerPredictor.restore(model) for model in state["models"]),
            None if state["top"] is None else LearnerPredictor.restore(state["top"]),
            bool(state["keep_features"]),
        )


def _scores(model: LearnerPredictor, Z: Array) -> Array:
    """Centred log probabilities of the classes, one column for two classes, or the value.

    Classes that a source never saw have no column: their constants would turn a centred row into a measure of
    confidence, which few target rows cannot tell from a signal.
    """
    predictions = model.inner.predict_features(Z)
    if predictions.ndim == 1:
        return predictions[:, None]
    logs = np.log(np.maximum(predictions, _LEAST))
    if logs.shape[1] == 2:
        return np.asarray(logs[:, 1:] - logs[:, :1])
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))
