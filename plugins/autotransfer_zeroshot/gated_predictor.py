"""A gate between a classifier of seen classes and descriptions of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import FeaturesPredictor, LearnerPredictor
from autotransfer.state import State

_SURE = 1e-6
"""No row is novel, or known, beyond doubt: classes on either side keep their order."""


@dataclass(frozen=True, eq=False)
class Gate:
    """How far a point is from everything known: its squared distance to the nearest centre, each in its own unit.

    :param projection: (d, k) into the space of the centres, or None for the rows' own.
    :param centres: (n_seen, k). :param widths: (n_seen,), positive.
    :param limit: the distance at which a row is as likely novel as not.
    :param softness: the distance in which this changes.
    """

    projection: Array | None
    centres: Array
    widths: Array
    limit: float
    softness: float

    def distances(self, X: Array) -> Array:
        """(n,) for X (n, d)."""
        Z = X if self.projection is None else X @ self.projection
        squares = np.square(Z).sum(axis=1)[:, None] - 2 * Z @ self.centres.T + np.square(self.centres).sum(axis=1)
        return np.asarray((np.maximum(squares, 0.0) / self.widths).min(axis=1))

    def novelty(self, X: Array) -> Array:
        """(n,) in (0, 1), one half at the limit."""
        beyond = (self.distances(X) - self.limit) / max(self.softness, 1e-12)
        return np.asarray(np.clip(0.5 * (1 + np.tanh(beyond)), _SURE, 1 - _SURE))


@final
@dataclass(frozen=True, eq=False)
class GatedPredictor(FeaturesPredictor):
    """``(1 - novelty) P(class | seen) + novelty P(class | unseen)`` of ``(x - mean) / scale``.

    :param known: predicts the seen classes, in the columns of all. :param W: (d, n_unseen) scores of the unseen ones.
    :param unseen: (n_unseen,) their class indices. :param mean: (d,). :param scale: (d,), positive.
    """

    known: LearnerPredictor
    gate: Gate
    W: Array
    b: Array
    unseen: Array
    mean: Array
    scale: Array

    def predict_features(self, X: Array) -> Array:
        Z = (np.asarray(X, np.float64) - self.mean) / self.scale
        found = np.array(self.known.predict_features(Z))
        if len(self.unseen):
            novelty = self.gate.novelty(Z)[:, None]
            scores = Z @ self.W + self.b
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            found *= 1 - novelty
            found[:, self.unseen] = novelty * weights / weights.sum(axis=1, keepdims=True)
        return found

    def state(self) -> State:
        gate = self.gate
        return {
            "known": self.known.state(),
            "gate": [gate.projection, gate.centres, gate.widths, gate.limit, gate.softness],
            **{name: getattr(self, name) for name in ("W", "b", "unseen", "mean", "scale")},
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        projection, centres, widths, limit, softness = state["gate"]
        W, b, mean, scale = (np.asarray(state[name], np.float64) for name in ("W", "b", "mean", "scale"))
        into = None if projection is None else np.asarray(projection)
        gate = Gate(into, np.asarray(centres), np.asarray(widths), float(limit), float(softness))
        known = LearnerPredictor.restore(state["known"])
        return cls(known, gate, W, b, np.asarray(state["unseen"], np.int64), mean, scale)
