"""Several models, each counting where rows look like those of its domain."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.learners import FeaturesPredictor, LearnerPredictor, SourceSide
from autotransfer.predictor import Predictor
from autotransfer.scaling import DomainScaler
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class MixturePredictor(FeaturesPredictor):
    """``sum_k share_k(x) learner_k(scaler(x))`` with ``share_k(x)`` proportional to ``gate_k(x) * ratios_k``.

    :param gate: probabilities of the k domains. :param ratios: (k,), not negative, not all 0.
    :param learners: one a domain. :param diagnostics: named figures of the fit.
    """

    scaler: DomainScaler
    gate: LearnerPredictor
    ratios: Array
    learners: tuple[LearnerPredictor, ...]
    diagnostics: dict[str, float] = field(default_factory=dict)

    def predict_features(self, X: Array) -> Array:
        """Class probabilities (n, n_classes) or values (n,) of target rows (n, d)."""
        Z = self.scaler.transform(np.asarray(X, dtype=np.float64))
        shares = self.gate.predict_features(Z) * self.ratios + 1e-12 * self.ratios
        shares = shares / shares.sum(axis=1, keepdims=True)
        answers = np.stack([learner.predict_features(Z) for learner in self.learners])
        return np.asarray(np.einsum("nk,kn...->n...", shares, answers))

    def represent(self, data: Dataset) -> Array:
        """Scaled rows of the target."""
        return self.scaler.transform(np.asarray(data.X, dtype=np.float64))

    def for_source(self) -> Predictor:
        """The same mixture, for rows that are scaled by their own domain's statistics."""
        plain = replace(self, scaler=DomainScaler(None, None))
        return SourceSide(plain, lambda data: self.scaler.of_source(np.asarray(data.X, dtype=np.float64), data.domain))

    def state(self) -> State:
        """Arrays, the learners' states and the diagnostics."""
        return {
            "scaler": self.scaler.state(),
            "gate": self.gate.state(),
            "ratios": self.ratios,
            "learners": [learner.state() for learner in self.learners],
            "diagnostics": dict(self.diagnostics),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(
            DomainScaler.restore(state["scaler"]),
            LearnerPredictor.restore(state["gate"]),
            np.asarray(state["ratios"], np.float64),
            tuple(LearnerPredictor.restore(each) for each in state["learners"]),
            {str(name): float(value) for name, value in state["diagnostics"].items()},
        )
