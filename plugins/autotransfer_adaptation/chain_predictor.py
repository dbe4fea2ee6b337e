"""A learner behind a chain of maps: what the methods that embed both domains return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.learners import FeaturesPredictor, LearnerPredictor, SourceSide
from autotransfer.predictor import Predictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State
from autotransfer_adaptation.chain import Chain


@final
@dataclass(frozen=True, eq=False)
class ChainPredictor(FeaturesPredictor):
    """``learner(chain(scaler(x)))`` for rows of the target.

    :param diagnostics: named figures of the fit.
    :param source_chain: the way of source rows, where it differs; for validation, never saved.
    """

    scaler: DomainScaler
    chain: Chain
    learner: LearnerPredictor
    diagnostics: dict[str, float] = field(default_factory=dict)
    source_chain: Chain | None = None

    def predict_features(self, X: Array) -> Array:
        """Class probabilities (n, n_classes) or values (n,) of target rows (n, d)."""
        return self.learner.predict_features(self.chain(self.scaler.transform(np.asarray(X, dtype=np.float64))))

    def represent(self, data: Dataset) -> Array:
        """Target rows in the learner's columns."""
        return self.chain(self.scaler.transform(np.asarray(data.X, dtype=np.float64)))

    def for_source(self) -> Predictor:
        """Rows of the source are scaled by their own statistics and go the source's way."""
        way = self.source_chain or self.chain
        return SourceSide(
            self.learner, lambda data: way(self.scaler.of_source(np.asarray(data.X, dtype=np.float64), data.domain))
        )

    def state(self) -> State:
        """Arrays, the learner's state and the diagnostics."""
        return {
            "scaler": self.scaler.state(),
            "chain": self.chain.state(),
            "learner": self.learner.state(),
            "diagnostics": dict(self.diagnostics),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(
            DomainScaler.restore(state["scaler"]),
            Chain.restore(state["chain"]),
            LearnerPredictor.restore(state["learner"]),
            {str(name): float(value) for name, value in state["diagnostics"].items()},
        )
