"""What methods of this family learn from pairs: images and texts in one space."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.predictor import Predictor


class Towers(ABC):
    """Two encoders into one space. ``factor``: what cosines are multiplied with to give scores, positive."""

    factor: float

    @abstractmethod
    def texts(self, texts: Sequence[str]) -> Array:
        """(n, d), rows of length 1."""

    @abstractmethod
    def images(self, data: Dataset) -> Array:
        """(n, d), what a linear head sees."""

    def cosines(self, data: Dataset, texts: Array) -> Array:
        """Of images with embedded texts (m, d): (n, m)."""
        return np.asarray(self.images(data) @ texts.T)

    @abstractmethod
    def predictor(self, classes: Array, change: Array) -> Predictor:
        """Scores ``factor · (cosines + images · changeᵀ)``, to probabilities by softmax.

        :param classes: embedded texts of the classes (n_classes, d). :param change: (n_classes, d), see ``few_labels``.
        """
