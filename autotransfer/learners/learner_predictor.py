"""What every learner returns: one predictor type for all kinds, so that methods can name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.learners.constant_predictor import ConstantPredictor
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.learners.linear_predictor import LinearPredictor
from autotransfer.learners.mlp_predictor import MlpPredictor
from autotransfer.learners.neighbors_predictor import NeighborsPredictor
from autotransfer.learners.trees_predictor import TreesPredictor
from autotransfer.state import State

_KINDS: dict[str, type[FeaturesPredictor]] = {
    "constant": ConstantPredictor,
    "linear": LinearPredictor,
    "neighbors": NeighborsPredictor,
    "trees": TreesPredictor,
    "mlp": MlpPredictor,
}


@final
@dataclass(frozen=True, eq=False)
class LearnerPredictor(FeaturesPredictor):
    """A predictor of one of the built-in kinds, with columns for classes that it never saw.

    :param inner: predicts the classes of ``present``, in that order, or values.
    :param present: class indices, ascending; None for regression.
    :param n_classes: columns of a prediction; 0 for regression.
    """

    inner: FeaturesPredictor
    present: Array | None
    n_classes: int

    def predict_features(self, X: Array) -> Array:
        predictions = self.inner.predict_features(X)
        if self.present is None or len(self.present) == self.n_classes:
            return predictions
        spread = np.zeros((len(X), self.n_classes))
        spread[:, self.present] = predictions
        return spread

    def state(self) -> State:
        kind = next(name for name, cls in _KINDS.items() if isinstance(self.inner, cls))
        return {"kind": kind, "inner": self.inner.state(), "present": self.present, "n_classes": self.n_classes}

    @classmethod
    def restore(cls, state: State) -> Self:
        kind = state["kind"]
        if kind not in _KINDS:
            raise InputError(f"the saved model has kind {kind!r}: it must be one of {', '.join(_KINDS)}; save it again")
        present = state["present"]
        return cls(
            _KINDS[kind].restore(state["inner"]),
            None if present is None else np.asarray(present, np.int64),
            int(state["n_classes"]),
        )
