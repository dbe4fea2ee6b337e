"""Predictions of boosted trees, from plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.learners.features_predictor import FeaturesPredictor
from autotransfer.learners.links import probabilities
from autotransfer.state import State

_BLOCK = 1_000_000
"""Row-tree pairs walked at a time."""


@final
@dataclass(frozen=True, eq=False)
class TreesPredictor(FeaturesPredictor):
    """A sum of trees. A leaf is its own child, so that walking ``depth`` steps ends in a leaf everywhere.

    :param roots: (iterations, m) node of each tree's root; m scores, see ``links.probabilities``.
    :param feature, threshold, missing_left: (nodes,) left if ``x[feature] <= threshold``; NaN if told so.
    :param children: (nodes, 2) left and right. :param value: (nodes,) what a leaf adds.
    :param baseline: (m,). :param depth: of the deepest tree.
    """

    roots: Array
    feature: Array
    threshold: Array
    missing_left: Array
    children: Array
    value: Array
    baseline: Array
    depth: int
    regression: bool

    def predict_features(self, X: Array) -> Array:
        X = np.asarray(X, np.float64)
        step = max(1, _BLOCK // max(1, self.roots.size))
        blocks = [self._scores(X[start : start + step]) for start in range(0, len(X), step)]
        scores = np.concatenate(blocks) if blocks else np.empty((0, len(self.baseline)))
        return scores[:, 0] if self.regression else probabilities(scores)

    def _scores(self, X: Array) -> Array:
        leaves = self._walk(X)
        scores = np.tile(self.baseline, (len(X), 1))
        for iteration in range(len(self.roots)):
            scores += self.value[leaves[:, iteration]]
        return scores

    def _walk(self, X: Array) -> Array:
        """Leaves that the rows reach, shape (n, iterations, m)."""
        node = np.broadcast_to(self.roots, (len(X), *self.roots.shape))
        each = np.arange(len(X))[:, None, None]
        for _ in range(self.depth):
            x = X[each, self.feature[node]]
            left = np.where(np.isnan(x), self.missing_left[node], x <= self.threshold[node])
            node = self.children[node, np.where(left, 0, 1)]
        return node

    def state(self) -> State:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def restore(cls, state: State) -> Self:
        nodes = len(state["value"])
        for name in ("roots", "children"):
            values = np.asarray(state[name])
            if values.size and (values.min() < 0 or values.max() >= nodes):
                raise InputError(f"the saved trees have {name} outside their {nodes} nodes; save the model again")
        if not 0 <= state["depth"] <= nodes:
            raise InputError(f"the saved trees are {state['depth']} deep with {nodes} nodes; save the model again")
        arrays = {name: np.asarray(state[name]) for name in cls._arrays()}
        return cls(**arrays, depth=int(state["depth"]), regression=bool(state["regression"]))

    @classmethod
    def _arrays(cls) -> list[str]:
        return [name for name in cls.__dataclass_fields__ if name not in ("depth", "regression")]
