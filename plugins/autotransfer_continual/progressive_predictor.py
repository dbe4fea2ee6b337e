"""A progressive network as arrays; it predicts in NumPy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets.forms import Form, restore_form
from autotransfer.predictor import Predictor, Recollection
from autotransfer.state import State
from autotransfer_continual.predictor import among

Weights = Mapping[str, Array]
"""A column's parameters by their names in ``columns.Column``."""


@final
@dataclass(frozen=True, eq=False)
class ProgressivePredictor(Predictor):
    """Columns up to the one that is asked.

    :param columns: of the source's tasks and, last, of the target. :param scenario: a column is asked for one task, so
        that it is always told. :param past: the columns right after each of the source's tasks; not saved.
    """

    form: Form
    columns: tuple[Weights, ...]
    scenario: str
    past: tuple[tuple[Weights, ...], ...] = ()

    def predict(self, data: Dataset) -> Array:
        """Probabilities of the last column's classes, float64."""
        scores = self._look(data)[1]
        return among(scores, (0, scores.shape[1]))

    def represent(self, data: Dataset) -> Array:
        """The last column's second hidden layer."""
        return self._look(data)[0]

    def for_source(self) -> Predictor:
        """The first column, or that of the source's last domain."""
        return self if len(self.columns) == 1 else replace(self, columns=self.columns[:-1], past=())

    def recollections(self) -> tuple[Recollection, ...]:
        """Earlier columns do not change; it is measured all the same."""
        return tuple(
            Recollection(
                self.scenario,
                replace(self, columns=before, past=()),
                replace(self, columns=self.columns[: len(before)], past=()),
            )
            for before in self.past
        )

    def _look(self, data: Dataset) -> tuple[Array, Array]:
        return forward(self.columns, np.asarray(self.form.rows(data), np.float64))

    def state(self) -> State:
        """Plain data."""
        return {"form": self.form.state(), "columns": [dict(c) for c in self.columns], "scenario": self.scenario}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        columns = tuple({str(name): np.asarray(part) for name, part in c.items()} for c in state["columns"])
        return cls(restore_form(state["form"]), columns, str(state["scenario"]))


def forward(columns: Sequence[Weights], X: Array) -> tuple[Array, Array]:
    """Second hidden layer and scores of the last column, for rows (n, d)."""
    hidden: list[tuple[Array, Array]] = []
    scores = np.zeros((len(X), 0))
    for weights in columns:
        first = _relu(_linear(weights, "own.0", X))
        seen = [_lateral(weights, layer, [h[layer] for h in hidden]) for layer in (0, 1)]
        second = _relu(_linear(weights, "own.1", first) + seen[0])
        scores = _linear(weights, "own.2", second) + seen[1]
        hidden.append((first, second))
    return hidden[-1][1], scores


def _lateral(weights: Weights, layer: int, layers: Sequence[Array]) -> Array | float:
    if not layers:
        return 0.0
    scaled = np.concatenate([a * h for a, h in zip(weights["scales"][layer], layers, strict=True)], axis=1)
    return _linear(weights, f"lateral.{layer}", _relu(_linear(weights, f"narrowing.{layer}", scaled)))


def _linear(weights: Weights, name: str, X: Array) -> Array:
    return np.asarray(X @ weights[f"{name}.weight"].T + weights.get(f"{name}.bias", 0.0))


def _relu(X: Array) -> Array:
    return np.maximum(X, 0.0)
