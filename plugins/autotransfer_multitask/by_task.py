"""Models side by side, one a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.learners import LearnerPredictor
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer_multitask.rows import Scales, task_numbers


@final
@dataclass(frozen=True, eq=False)
class ByTask(Predictor):
    """Asks the model of each row's task. A task without one gets equal probabilities, or the level of its space.

    :param models: one a task, or None.
    """

    models: tuple[LearnerPredictor | None, ...]
    scales: Scales

    def predict(self, data: Dataset) -> Array:
        """Probabilities or values, (n, width)."""
        task, X = task_numbers(data), data.X
        found = self.scales.predictions(np.zeros((len(data), self.scales.width)), task)
        for number in np.unique(task):
            model, mine = self.models[number], task == number
            if model is None:
                continue
            said = model.predict_features(X[mine])
            if said.ndim == 1:
                found[mine, 0] = self.scales.level[number] + self.scales.spread[number] * said
            else:
                found[mine, : said.shape[1]] = said
        return found

    def state(self) -> State:
        """Plain data."""
        return {"models": [m and m.state() for m in self.models], "scales": self.scales.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        models = (None if model is None else LearnerPredictor.restore(model) for model in state["models"])
        return cls(tuple(models), Scales.restore(state["scales"]))
