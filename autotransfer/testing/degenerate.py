"""Toy problems with rows as bad as real ones can be: one row, one class, no variation, more columns than rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.render import read_only
from autotransfer.testing.withhold import with_train

_WIDE = 90
"""More columns than a toy target has rows."""


def degenerate(problem: ToyProblem) -> dict[str, ToyProblem]:
    """Name of the defect -> a problem of ``FEATURES`` rows that has it, in the target and in the source's rows."""
    train = problem.task.train
    few = {
        "one_row": with_train(problem.task, train.take(np.arange(1))),
        "two_rows": with_train(problem.task, train.take(np.arange(2))),
        "one_label": with_train(problem.task, replace(train, y=read_only(np.full_like(train.labels, train.labels[0])))),
    }
    bent = {"constant_features": _constant, "equal_columns": _equal_columns, "duplicate_rows": _duplicate_rows}
    if problem.source.head is None:
        bent["more_columns_than_rows"] = _wide
    return {
        **{name: replace(problem, task=task) for name, task in few.items()},
        **{name: _bend(problem, change) for name, change in bent.items()},
    }


def _bend(problem: ToyProblem, change: Callable[[Array], Array]) -> ToyProblem:
    def bent(data: Dataset) -> Dataset:
        return data.with_inputs(read_only(change(data.X)))

    task, source = problem.task, problem.source
    unlabeled = None if task.unlabeled is None else bent(task.unlabeled)
    task = replace(task, train=bent(task.train), validation=None, unlabeled=unlabeled)
    return replace(problem, task=task, source=replace(source, data=None if source.data is None else bent(source.data)))


def _constant(X: Array) -> Array:
    return np.full_like(X, 3.0)


def _equal_columns(X: Array) -> Array:
    return np.repeat(X[:, :1], X.shape[1], axis=1)


def _duplicate_rows(X: Array) -> Array:
    return X[np.arange(len(X)) % 2]


def _wide(X: Array) -> Array:
    noise = np.random.default_rng(0).normal(size=(X.shape[1], _WIDE))
    return (X @ noise).astype(X.dtype)
