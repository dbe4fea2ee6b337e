"""Labelled rows of the seen classes and descriptions of all classes, on scales that every method here can work with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.task import Task

NEEDS = Asset.TARGET_LABELS | Asset.CLASS_ATTRIBUTES | Asset.UNSEEN_CLASSES
"""What the methods of this family need."""
SIGNATURES = ("standardised", "unit")
"""``standardised``: attributes of mean 0 and variance 1 over the classes, then classes of length 1. ``unit``: classes
of length 1 alone, as in Xian et al., "Zero-shot learning: a comprehensive evaluation", TPAMI 2019, arXiv:1707.00600."""


@dataclass(frozen=True, eq=False)
class Described:
    """What a method trains on, float64.

    :param X: (n, d) rows, standardised and divided by √d, so that their length is about 1.
    :param y: (n,) class indices.
    :param S: (n_classes, a) class signatures.
    :param seen: (n_classes,) bool: which classes have a row.
    :param mean: (d,). :param scale: (d,), positive: ``X = (rows - mean) / scale``.
    """

    X: Array
    y: Array
    S: Array
    seen: Array
    mean: Array
    scale: Array

    @property
    def classes(self) -> Array:
        """Indices of the seen classes, ascending."""
        return np.flatnonzero(self.seen)

    @property
    def one_hot(self) -> Array:
        """(n, n_seen): 1 where a row is of a seen class, else 0."""
        return np.asarray((self.y[:, None] == self.classes).astype(np.float64))

    def class_means(self) -> Array:
        """(n_seen, d)."""
        hot = self.one_hot
        return np.asarray(hot.T @ self.X / hot.sum(axis=0)[:, None])


def describe(task: Task, signatures: str = SIGNATURES[0]) -> Described:
    """The task's rows and descriptions. Raises ``TypeError`` where there are no descriptions."""
    if task.class_attributes is None:
        raise TypeError("the task describes no class")
    rows = np.asarray(task.train.X, np.float64)
    mean, scale = moments(rows)
    seen = np.bincount(task.train.labels, minlength=task.n_classes) > 0
    S = signature_matrix(task.class_attributes, signatures)
    return Described((rows - mean) / scale, task.train.labels, S, seen, mean, scale)


def moments(rows: Array) -> tuple[Array, Array]:
    """Mean (d,) and scale (d,) that standardise the columns and bring rows to a length of about 1. Columns that do not
    vary keep their unit."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    varies = spread > 1e-9 * np.abs(rows).max(axis=0, initial=1.0)
    return mean, np.where(varies, spread, 1.0) * np.sqrt(rows.shape[1])


def signature_matrix(attributes: Array, signatures: str) -> Array:
    """Class signatures (n_classes, a) of attributes of that shape; see :data:`SIGNATURES`."""
    S = np.asarray(attributes, np.float64)
    if signatures == "standardised":
        spread = S.std(axis=0)
        S = (S - S.mean(axis=0)) / np.where(spread > 1e-12, spread, 1.0)
    elif signatures != "unit":
        raise ValueError(f"signatures are {' or '.join(SIGNATURES)}, not {signatures!r}")
    length = np.linalg.norm(S, axis=1, keepdims=True)
    return np.asarray(S / np.where(length > 0, length, 1.0))
