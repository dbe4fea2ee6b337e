"""A fitted model: predicts, and turns into plain data and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

from autotransfer.data import Array, Dataset
from autotransfer.footprint import Size, size_of
from autotransfer.state import State


class Predictor(ABC):
    """What ``Method.fit`` returns."""

    @abstractmethod
    def predict(self, data: Dataset) -> Array:
        """Class probabilities of shape (n, n_classes), rows summing to 1, or values of shape (n,)."""

    def represent(self, data: Dataset) -> Array:
        """What the predictions are made from, (n, d): features that the model has learned, here the rows as they are.

        Validators look at it. Raises ``TypeError`` for raw rows.
        """
        return data.X

    def for_source(self) -> Predictor:
        """The same model for rows of its source. Itself, unless the two domains take different ways to it."""
        return self

    def learned(self) -> Size:
        """What it has learned or kept, here the arrays of its state. A model whose state names something that is kept
        elsewhere, or that holds zeros on purpose, says it itself."""
        return size_of(self.state())

    def trained(self) -> Size | None:
        """What was trained of a pretrained network that is larger; None where there is no such network."""
        return None

    @abstractmethod
    def state(self) -> State:
        """Everything needed to predict, as plain data."""

    @classmethod
    @abstractmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`: equal predictions. The state may be hostile: never execute any of it."""
