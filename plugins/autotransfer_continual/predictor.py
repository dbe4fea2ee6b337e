"""A network that knows several tasks, asked for one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets import NetworkPredictor
from autotransfer.predictor import Predictor, Recollection
from autotransfer.state import State

Span = tuple[int, int]
"""First output and the one after the last."""


@final
@dataclass(frozen=True, eq=False)
class TaskPredictor(Predictor):
    """Probabilities among the outputs of ``span`` alone."""

    network: NetworkPredictor
    span: Span

    def predict(self, data: Dataset) -> Array:
        """(n, last - first), float64."""
        return among(self.network.scores(data), self.span)

    def represent(self, data: Dataset) -> Array:
        """The network's."""
        return self.network.represent(data)

    def state(self) -> State:
        """Plain data."""
        return {"network": self.network.state(), "span": list(self.span)}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(NetworkPredictor.restore(state["network"]), _span(state["span"]))


@final
@dataclass(frozen=True, eq=False)
class ContinualPredictor(Predictor):
    """A network after its last lesson, the target.

    :param own: outputs of the source's classes. :param target: of the target's; the same where the classes are.
    :param scenario: in which it was taught, see ``course.Scenario``.
    :param past: the network right after each of the source's lessons; not saved.
    """

    network: NetworkPredictor
    own: Span
    target: Span
    scenario: str
    past: tuple[NetworkPredictor, ...] = ()

    def predict(self, data: Dataset) -> Array:
        """Probabilities of the target's classes (n, n_classes)."""
        return among(self.network.scores(data), self.target)

    def represent(self, data: Dataset) -> Array:
        """What the last layer is given."""
        return self.network.represent(data)

    def for_source(self) -> Predictor:
        """Probabilities of the source's classes."""
        return self if self.own == self.target else TaskPredictor(self.network, self.own)

    def recollections(self) -> tuple[Recollection, ...]:
        """Each of the source's lessons, told which task a row is from, and, where that matters, not told."""
        now = TaskPredictor(self.network, self.own)
        apart = self.own != self.target
        untold = TaskPredictor(self.network, (0, self.target[1])) if apart else None
        return tuple(Recollection(self.scenario, TaskPredictor(before, self.own), now, untold) for before in self.past)

    def state(self) -> State:
        """Plain data."""
        spans = {"own": list(self.own), "target": list(self.target)}
        return {"network": self.network.state(), **spans, "scenario": self.scenario}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        network = NetworkPredictor.restore(state["network"])
        return cls(network, _span(state["own"]), _span(state["target"]), str(state["scenario"]))


def among(scores: Array, span: Span) -> Array:
    """Softmax of the outputs of ``span``: (n, last - first)."""
    chosen = scores[:, span[0] : span[1]]
    weights = np.exp(chosen - chosen.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _span(value: list[int]) -> Span:
    first, last = value
    return int(first), int(last)
