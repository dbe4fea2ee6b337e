"""Scores from kernel values with the training rows, read as probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.learners import FeaturesPredictor, SourceSide
from autotransfer.predictor import Predictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State
from autotransfer_adaptation.chain import Chain, Gaussian


@final
@dataclass(frozen=True, eq=False)
class KernelMachine(FeaturesPredictor):
    """``kernel(chain(scaler(x))) @ coefficients``, negative parts cut off, rows scaled to sum 1.

    :param coefficients: (anchors, n_classes). :param diagnostics: named figures of the fit.
    """

    scaler: DomainScaler
    chain: Chain
    kernel: Gaussian
    coefficients: Array
    diagnostics: dict[str, float] = field(default_factory=dict)

    def predict_features(self, X: Array) -> Array:
        """Class probabilities (n, n_classes) of target rows (n, d)."""
        return self.read(self.chain(self.scaler.transform(np.asarray(X, dtype=np.float64))))

    def read(self, Z: Array) -> Array:
        """Class probabilities of rows that have been through the chain."""
        scores = np.maximum(self.kernel(Z) @ self.coefficients, 0.0) + 1e-9  # all negative: all alike
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))

    def represent(self, data: Dataset) -> Array:
        """Target rows after the chain."""
        return self.chain(self.scaler.transform(np.asarray(data.X, dtype=np.float64)))

    def for_source(self) -> Predictor:
        """Rows of the source are scaled by their own statistics."""
        plain = KernelMachine(DomainScaler(None, None), Chain(), self.kernel, self.coefficients)
        return SourceSide(
            plain, lambda data: self.chain(self.scaler.of_source(np.asarray(data.X, dtype=np.float64), data.domain))
        )

    def state(self) -> State:
        """Arrays and the diagnostics."""
        return {
            "scaler": self.scaler.state(),
            "chain": self.chain.state(),
            "kernel": self.kernel.state(),
            "coefficients": self.coefficients,
            "diagnostics": dict(self.diagnostics),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(
            DomainScaler.restore(state["scaler"]),
            Chain.restore(state["chain"]),
            Gaussian.restore(state["kernel"]),
            np.asarray(state["coefficients"], np.float64),
            {str(name): float(value) for name, value in state["diagnostics"].items()},
        )
