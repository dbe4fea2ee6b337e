"""A learner: features in, a predictor out. Transfer methods take one as a field and train it on what they prepared."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

from autotransfer.data import Array
from autotransfer.learners.constant_predictor import ConstantPredictor
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.learners.learner_predictor import LearnerPredictor
from autotransfer.learners.rows import Rows, present_classes
from autotransfer.method import Suggest


class Learner(ABC):
    """Concrete learners are frozen dataclasses whose fields are hyperparameters with sane defaults."""

    kind: ClassVar[str]

    def fit(
        self, X: Array, y: Array, *, n_classes: int, weights: Array | None = None, seed: int = 0
    ) -> LearnerPredictor:
        """Train on float features.

        :param X: (n, d), finite, n >= 1.
        :param y: int64 class indices below ``n_classes``, or float64 values when ``n_classes`` is 0. Classes may be
            absent from ``y``, all but one even: probabilities still have ``n_classes`` columns, zero for absent ones.
        :param weights: (n,), non-negative, or None (all 1). A weight of 2 means what the row given twice would mean,
            so weights that only say "more" and "less" should average 1.
        :returns: a predictor for ``FEATURES`` rows of width d.
        """
        present = present_classes(y, weights) if n_classes else None
        rows = Rows.prepare(X, y, present, weights)
        if rows.constant:
            values = [1.0] if n_classes else [float(rows.y[0])]
            return LearnerPredictor(ConstantPredictor.of(values, regression=n_classes == 0), present, n_classes)
        return LearnerPredictor(self.train(rows, seed), present, n_classes)

    @abstractmethod
    def train(self, rows: Rows, seed: int) -> FeaturesPredictor:
        """Train on rows that hold at least two classes, or two different values, and positive weights only."""

    @classmethod
    @abstractmethod
    def suggest(cls, suggest: Suggest, name: str) -> Self:
        """An instance with fields asked as ``name.field``; a field's range is the same in all learners that have it."""
