"""What the methods of this family return: target rows are scaled and projected, then a learner predicts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.learners import FeaturesPredictor, LearnerPredictor, SourceSide
from autotransfer.predictor import Predictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class AdaptedPredictor(FeaturesPredictor):
    """``learner((scaler(x) - center) @ projection)``.

    :param center: (d,), or None for zeros. :param projection: (d, k), or None for the identity.
    :param learner: predicts from the k (or d) columns.
    :param diagnostics: named figures of the fit, e.g. an effective sample size.
    :param source_way: scaled rows of the source (m, d) to the learner's columns, where it differs from the target's;
        for validation, never saved.
    """

    scaler: DomainScaler
    center: Array | None
    projection: Array | None
    learner: LearnerPredictor
    diagnostics: dict[str, float] = field(default_factory=dict)
    source_way: Callable[[Array], Array] | None = None

    def predict_features(self, X: Array) -> Array:
        """Class probabilities (n, n_classes) or values (n,) of target rows (n, d)."""
        return self.learner.predict_features(self._projected(self.scaler.transform(np.asarray(X, dtype=np.float64))))

    def represent(self, data: Dataset) -> Array:
        """Target rows in the learner's columns."""
        return self._projected(self.scaler.transform(np.asarray(data.X, dtype=np.float64)))

    def for_source(self) -> Predictor:
        """Rows of the source are scaled by their own statistics and go the source's way."""
        way = self.source_way or self._projected
        return SourceSide(
            self.learner, lambda data: way(self.scaler.of_source(np.asarray(data.X, dtype=np.float64), data.domain))
        )

    def _projected(self, Z: Array) -> Array:
        if self.center is not None:
            Z = Z - self.center
        return Z if self.projection is None else Z @ self.projection

    def state(self) -> State:
        """Arrays, the learner's state and the diagnostics."""
        return {
            "scaler": self.scaler.state(),
            "center": self.center,
            "projection": self.projection,
            "learner": self.learner.state(),
            "diagnostics": dict(self.diagnostics),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        center, projection = (
            None if state[name] is None else np.asarray(state[name], dtype=np.float64)
            for name in ("center", "projection")
        )
        return cls(
            DomainScaler.restore(state["scaler"]),
            center,
            projection,
            LearnerPredictor.restore(state["learner"]),
            {str(name): float(value) for name, value in state["diagnostics"].items()},
        )
