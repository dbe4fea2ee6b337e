"""Telling classes by likeness to rows that stand for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.state import State

SIMILARITIES = ("cosine", "squared")
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Comparison:
    """The softmax over rows of ``scale`` times the likeness to each, summed over the rows of a class.

    :param rows: (m, d): class means, weights, or all labelled rows. :param labels: (m,) the classes they stand for.
    :param similarity: ``cosine``, or ``squared``: minus the squared Euclidean distance.
    """

    rows: Array
    labels: Array
    n_classes: int
    similarity: str
    scale: float = 1.0

    @classmethod
    def of_means(cls, Z: Array, y: Array, n_classes: int, scale: float = 1.0) -> Self:
        """Class means of rows (n, d); classes without a row are never told."""
        present = np.unique(y)
        means = np.stack([Z[y == label].mean(axis=0) for label in present])
        return cls(means, present, n_classes, "squared", scale)

    def probabilities(self, Z: Array) -> Array:
        """(n, n_classes) for rows (n, d)."""
        scores = self.scale * self.likeness(np.asarray(Z, np.float64))
        weights = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray(weights @ np.eye(self.n_classes)[self.labels])

    def likeness(self, Z: Array) -> Array:
        """(n, m), without the scale."""
        if self.similarity == "cosine":
            return np.asarray(unit(Z) @ unit(self.rows).T)
        squares = np.square(Z).sum(axis=1)[:, None] + np.square(self.rows).sum(axis=1)
        return np.asarray(2 * Z @ self.rows.T - squares)

    def state(self) -> State:
        """Plain data."""
        about = {"n_classes": self.n_classes, "similarity": self.similarity, "scale": self.scale}
        return {"rows": self.rows, "labels": self.labels, **about}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`. Raises ``InputError`` for an unknown similarity."""
        if state["similarity"] not in SIMILARITIES:
            words = f"the saved model compares by {state['similarity']!r}"
            raise InputError(f"{words}: it must be one of {', '.join(SIMILARITIES)}")
        rows, labels = np.asarray(state["rows"], np.float64), np.asarray(state["labels"], np.int64)
        return cls(rows, labels, int(state["n_classes"]), str(state["similarity"]), float(state["scale"]))


def unit(Z: Array) -> Array:
    """Rows of length 1; rows of zeros stay."""
    return np.asarray(Z / np.maximum(np.linalg.norm(Z, axis=-1, keepdims=True), _TINY))
