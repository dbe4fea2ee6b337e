"""Rows of experience as the numbers that the foresight learns from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from autotransfer.data import Array
from autotransfer.experience.row import Row
from autotransfer.foresight.arms import Arms, Experience

DELTA = 1.0
"""Points of loss from which on an outcome counts as negative transfer: the guard's margin."""
_COUNTS = (
    "target_rows",
    "unlabeled",
    "classes",
    "rows_per_class",
    "width",
    "source_rows",
    "source_domains",
    "size_ratio",
)
_PLAIN = ("imbalance",)


def columns(rows: Iterable[Row]) -> tuple[str, ...]:
    """Names of the estimators that some row has a value of, in alphabetical order."""
    return tuple(sorted({name for row in rows for name in row.scores}))


def to_arms(rows: Sequence[Row], scores: Sequence[str]) -> Arms:
    """Features of n rows: descriptors (counts as logarithms), the named estimates, and each estimate's standing among
    the sources of its task (0 the lowest, 1 the highest; 0.5 where there is one source), as scores of different tasks
    are on different scales. What a row lacks is NaN.

    Keys, from coarse to fine: the kind of the source, the method, both.
    """
    about = (*_COUNTS, *_PLAIN)
    described = _matrix([[_described(row, name) for name in about] for row in rows], len(about))
    values = _matrix([[row.scores.get(name, np.nan) for name in scores] for row in rows], len(scores))
    tasks = np.array([row.task for row in rows], dtype=object)
    features = np.column_stack([described, values, _standings(values, rows, tasks)])
    names = (*(name.replace("_", " ") for name in about), *scores, *(f"standing by {s}" for s in scores))
    keys = np.array([[row.kind, row.method, f"{row.method} × {row.kind}"] for row in rows], dtype=object)
    return Arms(features, names, keys.reshape(len(rows), 3), tasks, np.array([r.target for r in rows], dtype=object))


def to_experience(rows: Sequence[Row], scores: Sequence[str]) -> Experience:
    """The same with what came out."""
    gain = np.array([np.nan if row.gain is None else row.gain for row in rows], dtype=np.float64)
    seconds = np.array([np.nan if row.seconds is None else row.seconds for row in rows], dtype=np.float64)
    return Experience(to_arms(rows, scores), gain, seconds, DELTA)


def _matrix(rows: list[list[float]], width: int) -> Array:
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)


def _described(row: Row, name: str) -> float:
    value = row.about.get(name, np.nan)
    return float(np.log1p(value)) if name in _COUNTS and value >= 0 else value


def _standings(values: Array, rows: Sequence[Row], tasks: Array) -> Array:
    """Of each value, the share of the other sources of its task that are below it, ties counting half."""
    first: dict[tuple[str, str], int] = {}
    for position, row in enumerate(rows):
        first.setdefault((row.task, row.source), position)
    by_task: dict[str, list[int]] = defaultdict(list)
    for (task, _), position in first.items():
        by_task[task].append(position)
    standings = np.full(values.shape, np.nan)
    for task, positions in by_task.items():
        mine = np.flatnonzero(tasks == task)
        others = values[positions]
        below = (values[mine][:, None] > others).sum(axis=1) + 0.5 * (values[mine][:, None] == others).sum(axis=1)
        count = (~np.isnan(others)).sum(axis=0)
        share = np.where(count > 1, (below - 0.5) / np.maximum(count - 1, 1), 0.5)
        standings[mine] = np.where(np.isnan(values[mine]), np.nan, share)
    return standings
