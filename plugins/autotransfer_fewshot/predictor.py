"""What the methods of this family return that compare a row with others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets import NetworkPredictor
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer_fewshot.comparison import Comparison, unit


@final
@dataclass(frozen=True, eq=False)
class ComparingPredictor(Predictor):
    """Rows, or what a network makes of them, compared with those that stand for the classes.

    :param embedding: None: features are compared as they are. :param center: (d,) taken off first, or None.
    :param unit: whether rows are then brought to length 1.
    """

    comparison: Comparison
    embedding: NetworkPredictor | None = None
    center: Array | None = None
    unit: bool = False

    def predict(self, data: Dataset) -> Array:
        """Class probabilities (n, n_classes)."""
        return self.comparison.probabilities(self.represent(data))

    def represent(self, data: Dataset) -> Array:
        """What is compared, float64 (n, d)."""
        return transformed(embedded(self.embedding, data), self.center, unit_length=self.unit)

    def state(self) -> State:
        """Plain data."""
        return {
            "comparison": self.comparison.state(),
            "embedding": None if self.embedding is None else self.embedding.state(),
            "center": self.center,
            "unit": self.unit,
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        network, center = state["embedding"], state["center"]
        return cls(
            Comparison.restore(state["comparison"]),
            None if network is None else NetworkPredictor.restore(network),
            None if center is None else np.asarray(center, np.float64),
            bool(state["unit"]),
        )


def embedded(embedding: NetworkPredictor | None, data: Dataset) -> Array:
    """Float64 (n, d)."""
    return np.asarray(data.X, np.float64) if embedding is None else embedding.represent(data)


def transformed(Z: Array, center: Array | None, *, unit_length: bool) -> Array:
    """Rows (n, d), centred and brought to length 1, each if asked for."""
    moved = Z if center is None else Z - center
    return unit(moved) if unit_length else moved
