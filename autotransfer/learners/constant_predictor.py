"""The predictor of one answer for every row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class ConstantPredictor(FeaturesPredictor):
    """Predicts the same row always.

    :param values: (k,) probabilities, or (1,) the value for regression.
    """

    values: Array
    regression: bool

    @classmethod
    def of(cls, values: Sequence[float], *, regression: bool) -> ConstantPredictor:
        """From plain numbers."""
        return cls(np.asarray(values, np.float64), regression)

    def predict_features(self, X: Array) -> Array:
        rows = np.tile(self.values, (len(X), 1))
        return rows[:, 0] if self.regression else rows

    def state(self) -> State:
        return {"values": self.values, "regression": self.regression}

    @classmethod
    def restore(cls, state: State) -> Self:
        return cls(np.asarray(state["values"], np.float64), bool(state["regression"]))
