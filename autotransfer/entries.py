"""Rows that are labelled for several tasks, as entries: one for each row and label, ``Dataset.task`` telling the task.

What is scored together is packed again by row, since the labels of one row are not independent: truth of shape (rows,
labels, 2), the task and the label, NaN where there is no further label, and predictions of shape (rows, labels, width).
"""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.metrics import Metric


def truth_of(data: Dataset, metric: Metric, unseen: Array) -> Array:
    """Labels (n,) as a metric takes them, see ``Metric.marked``; of several tasks (n, 2): the task and the label."""
    return metric.marked(data.labels, unseen) if data.task is None else pairs(data)


def pairs(data: Dataset) -> Array:
    """The task and the label of each entry, float64 (n, 2)."""
    if data.task is None:
        raise TypeError(f"{data.name} is labelled for one task")
    return np.column_stack([data.task, data.labels]).astype(np.float64)


def rows_of(data: Dataset) -> Array:
    """Which row each entry is of, int64 (n,)."""
    return np.arange(len(data)) if data.row is None else data.row


def strata(data: Dataset) -> tuple[Array, Array]:
    """Of each row a number that is equal for equal tasks and labels and in their order, by the row's first entry; and
    for each entry the position of its row among them."""
    _, first, place = np.unique(rows_of(data), return_index=True, return_inverse=True)
    _, found = np.unique(pairs(data)[first], axis=0, return_inverse=True)
    return found.ravel(), place


def entries_of(place: Array, rows: Array) -> Array:
    """Positions of the entries whose rows are at these positions."""
    return np.flatnonzero(np.isin(place, rows))


def packed(data: Dataset, entries: Array, values: Array, fill: float = 0.0) -> Array:
    """Values (m, ...) of the given entries by row, (rows, labels, ...); rows ascending."""
    every = rows_of(data)
    most = int(np.bincount(np.unique(every, return_inverse=True)[1]).max(initial=1))
    found, index = np.unique(every[entries], return_inverse=True)
    order = np.argsort(index, kind="stable")
    starts = np.searchsorted(index[order], np.arange(len(found)))
    place = np.empty(len(index), np.int64)
    place[order] = np.arange(len(index)) - starts[index[order]]
    result = np.full((len(found), most, *values.shape[1:]), fill, values.dtype)
    result[index, place] = values
    return result


def packed_truth(data: Dataset, entries: Array) -> Array:
    """Tasks and labels of the given entries by row, (rows, labels, 2)."""
    return packed(data, entries, pairs(data)[entries], np.nan)
