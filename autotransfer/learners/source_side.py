"""A model as rows of its source reach it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, final

from autotransfer.data import Array, Dataset
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.predictor import Predictor
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class SourceSide(Predictor):
    """What ``Predictor.for_source`` returns where a method maps its two domains differently: for validation alone.

    :param model: predicts in the space that both domains are mapped to.
    :param way: rows of the source, their ``domain`` known, into that space, (n, d).
    """

    model: FeaturesPredictor
    way: Callable[[Dataset], Array]

    def predict(self, data: Dataset) -> Array:
        """Predictions for rows of the source."""
        return self.model.predict_features(self.way(data))

    def represent(self, data: Dataset) -> Array:
        """The rows in the common space."""
        return self.way(data)

    def state(self) -> State:
        """Raises ``TypeError``: only the target's side is ever saved."""
        raise TypeError("the source's side of a model is for validation and never saved")

    @classmethod
    def restore(cls, state: State) -> Self:
        """Raises ``TypeError``, as :meth:`state`."""
        raise TypeError("the source's side of a model is for validation and never saved")
