"""Predictors whose input is a feature matrix."""

from __future__ import annotations

from abc import abstractmethod

from autotransfer.data import Array, Dataset
from autotransfer.predictor import Predictor


class FeaturesPredictor(Predictor):
    """A predictor that can be asked with an array directly, so that methods can transform features in between."""

    @abstractmethod
    def predict_features(self, X: Array) -> Array:
        """Predictions for X of shape (n, d): probabilities (n, k) or values (n,), float64."""

    def predict(self, data: Dataset) -> Array:
        """Predictions for a ``FEATURES`` data set."""
        return self.predict_features(data.X)
