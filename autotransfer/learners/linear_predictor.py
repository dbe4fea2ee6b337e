"""Predictions of generalised linear models."""

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
class LinearPredictor(FeaturesPredictor):
    """``link(X W + b)``.

    :param W: (d, m). Two classes need one logit (m = 1, of the second class), k > 2 classes need m = k.
    :param b: (m,).
    """

    W: Array
    b: Array
    regression: bool

    def scores(self, X: Array) -> Array:
        """``X W + b`` of shape (n, m), float64."""
        # Casting W is cheap, casting X is not; float32 rows keep float32 products.
        return np.asarray(X @ self.W.astype(X.dtype, copy=False), np.float64) + self.b

    def predict_features(self, X: Array) -> Array:
        scores = self.scores(X)
        return scores[:, 0] if self.regression else probabilities(scores)

    def state(self) -> State:
        return {"W": self.W, "b": self.b, "regression": self.regression}

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(np.asarray(state["W"]), np.asarray(state["b"]), bool(state["regression"]))
