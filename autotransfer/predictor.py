"""A fitted model: predicts, and turns into plain data and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Self

from autotransfer.data import Array, Dataset
from autotransfer.state import State


class Predictor(ABC):
    """What ``Method.fit`` returns."""

    @abstractmethod
    def predict(self, data: Dataset) -> Array:
        """Class probabilities of shape (n, n_classes), rows summing to 1, or values of shape (n,)."""

    @abstractmethod
    def state(self) -> State:
        """Everything needed to predict, as plain data."""

    @classmethod
    @abstractmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`: equal predictions. The state may be hostile: never execute any of it."""
