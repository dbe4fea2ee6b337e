"""What the methods of this family return: a score for each class, linear or quadratic in the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import FeaturesPredictor
from autotransfer.state import State
from autotransfer_zeroshot.calibration import seen_penalty
from autotransfer_zeroshot.described import Described

_SURE = 3.0
"""Median lead of a training row's best class over the mean of all classes, in nats: scores of rankings and squares
have no scale of their own, and those of independent attributes are far too sure."""


@dataclass(frozen=True, eq=False)
class Scores:
    """``x W + b``, with ``x² Q`` added unless Q is None; W and Q (d, n_classes), b (n_classes,)."""

    W: Array
    b: Array
    Q: Array | None = None

    def of(self, X: Array) -> Array:
        """(n, n_classes)."""
        linear = X @ self.W + self.b
        return np.asarray(linear if self.Q is None else linear + np.square(X) @ self.Q)

    def times(self, factor: float) -> Scores:
        """All scores multiplied."""
        return Scores(self.W * factor, self.b * factor, None if self.Q is None else self.Q * factor)


@final
@dataclass(frozen=True, eq=False)
class ClassScores(FeaturesPredictor):
    """Softmax of class scores of ``(x - mean) / scale``; mean and scale (d,)."""

    scores: Scores
    mean: Array
    scale: Array

    def predict_features(self, X: Array) -> Array:
        scores = self.scores.of((np.asarray(X, np.float64) - self.mean) / self.scale)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def state(self) -> State:
        scores = self.scores
        return {"W": scores.W, "b": scores.b, "Q": scores.Q, "mean": self.mean, "scale": self.scale}

    @classmethod
    def restore(cls, state: State) -> Self:
        W, b, mean, scale = (np.asarray(state[name], np.float64) for name in ("W", "b", "mean", "scale"))
        return cls(Scores(W, b, None if state["Q"] is None else np.asarray(state["Q"], np.float64)), mean, scale)


def finished(rows: Described, scores: Scores, calibration: float) -> ClassScores:
    """The predictor, its scores calibrated between seen and unseen classes and brought to a common sureness."""
    found = scores.of(rows.X)
    b = scores.b - calibration * seen_penalty(found, rows.seen) * rows.seen
    lead = float(np.median(found.max(axis=1) - found.mean(axis=1)))
    factor = _SURE / lead if np.isfinite(lead) and lead > 1e-12 else 1.0
    return ClassScores(Scores(scores.W, b, scores.Q).times(factor), rows.mean, rows.scale)
