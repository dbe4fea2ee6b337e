"""A trained network of several tasks as arrays and plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets import NetworkPredictor
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer_multitask.rows import Scales, task_numbers


@final
@dataclass(frozen=True, eq=False)
class TaskNetwork(Predictor):
    """One backbone and the scores of all tasks; those of a row's own task count."""

    inner: NetworkPredictor
    scales: Scales

    def predict(self, data: Dataset) -> Array:
        """Probabilities or values, (n, width)."""
        task = task_numbers(data)
        scores = np.take_along_axis(self.inner.scores(data), self.scales.columns[task], axis=1)
        return self.scales.predictions(scores, task)

    def represent(self, data: Dataset) -> Array:
        """The representation, float64 (n, width of the network)."""
        return self.inner.represent(data)

    def state(self) -> State:
        """Plain data."""
        return {"inner": self.inner.state(), "scales": self.scales.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(NetworkPredictor.restore(state["inner"]), Scales.restore(state["scales"]))
