"""Predictions of a perceptron with one hidden layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.learners.links import probabilities
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class MlpPredictor(FeaturesPredictor):
    """``link(max(X V + a, 0) W + b)``.

    :param V: (d, width). :param a: (width,).
    :param W: (width, m), see ``links.probabilities`` for m. :param b: (m,).
    """

    V: Array
    a: Array
    W: Array
    b: Array
    regression: bool

    def predict_features(self, X: Array) -> Array:
        hidden = np.maximum(X @ self.V.astype(X.dtype, copy=False) + self.a, 0.0)
        scores = np.asarray(hidden @ self.W + self.b, np.float64)
        return scores[:, 0] if self.regression else probabilities(scores)

    def state(self) -> State:
        return {"V": self.V, "a": self.a, "W": self.W, "b": self.b, "regression": self.regression}

    @classmethod
    def restore(cls, state: State) -> Self:
        V, a, W, b = (np.asarray(state[name]) for name in ("V", "a", "W", "b"))
        return cls(V, a, W, b, bool(state["regression"]))
