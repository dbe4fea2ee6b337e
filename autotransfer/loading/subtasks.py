"""What several tasks are: which classes each has, or values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.loading.columns import listed
from autotransfer.loading.kind import holds_values
from autotransfer.loading.labels import class_indices, class_order, labeled, spelled
from autotransfer.metrics import METRICS
from autotransfer.problem import RawData
from autotransfer.readers.tidy import as_numbers
from autotransfer.task import SubTask


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels of rows for several tasks: an entry a row and label, rows ascending.

    :param row: int64 (m,). :param task: int64 (m,), index into ``names``. :param labels: float64 or object (m,).
    :param long: whether a column tells the task; else each task has a column.
    """

    names: tuple[str, ...]
    row: Array
    task: Array
    labels: Array
    long: bool

    def of(self, task: int) -> Array:
        """Labels of one task."""
        return np.asarray(self.labels[self.task == task])


def read_labels(raw: RawData, *, long: bool) -> Labels:
    """From the label column and the others in ``RawData.also``. Raises ``InputError`` for fewer than two tasks."""
    if not raw.also:
        raise InputError(f"{raw.name}: --task is for tables, and for .npz with an array of that name")
    n = len(raw.also[0][1])
    labels = np.full(n, np.nan) if raw.labels is None else raw.labels
    if not long:
        columns = ((raw.label or "label", labels), *raw.also)
        known = np.column_stack([labeled(column, n) for _, column in columns])
        row, task = np.nonzero(known)
        table = np.column_stack([column.astype(object) for _, column in columns])
        return Labels(tuple(name for name, _ in columns), row, task, _plain(table[row, task]), long)
    tasks = spelled(raw.also[0][1])
    names = class_order({name for name in tasks if name is not None})
    number = class_indices(tasks, names)
    row = np.flatnonzero(labeled(labels, n) & (number >= 0))
    return Labels(names, row, number[row], labels[row], long)


def _plain(labels: Array) -> Array:
    """float64 where every label is a number."""
    return np.asarray(labels.astype(np.float64) if all(isinstance(label, float) for label in labels) else labels)


def sub_tasks(name: str, found: Labels, metric: str | None) -> tuple[SubTask | None, ...]:
    """Classes or values of each task; None for a task whose labels do not vary.

    Label columns are each by themselves. Where a column tells the task, all tasks with numbers are of one kind, and
    tasks that share a class have the same classes. A metric settles the kind of numbers if it is for one that none
    would have without it.
    """
    labels = [found.of(task) for task in range(len(found.names))]
    numeric = [len(part) > 0 and not np.isnan(as_numbers(part)).any() for part in labels]
    groups = _groups(labels, numeric, long=found.long)
    pooled = [np.concatenate([labels[task] for task in group]) for group in groups]
    is_numeric = [all(numeric[task] for task in group) for group in groups]
    values = [number and holds_values(name, as_numbers(part)) for number, part in zip(is_numeric, pooled, strict=True)]
    if metric in METRICS and METRICS[metric].regression not in values:
        values = [METRICS[metric].regression and number for number in is_numeric]
    kinds: list[SubTask | None] = [None] * len(labels)
    for space, (group, part, is_values) in enumerate(zip(groups, pooled, values, strict=True)):
        classes = None if is_values else class_order({label for label in spelled(part) if label is not None})
        varies = len(np.unique(as_numbers(part))) > 1 if classes is None else len(classes) > 1
        for task in group:
            kinds[task] = SubTask(found.names[task], classes, space) if varies else None
    return tuple(kinds)


def _groups(labels: Sequence[Array], numeric: Sequence[bool], *, long: bool) -> list[list[int]]:
    """Tasks whose labels are looked at together."""
    if not long:
        return [[task] for task in range(len(labels))]
    numbers = [task for task in range(len(labels)) if numeric[task]]
    groups: list[tuple[list[int], set[str]]] = []
    for task in sorted(set(range(len(labels))) - set(numbers)):
        members, names = [task], set(spelled(labels[task]))
        for group in [group for group in groups if group[1] & names]:
            groups.remove(group)
            members, names = sorted(members + group[0]), names | group[1]
        groups.append((members, names))
    return [*([numbers] if numbers else []), *(members for members, _ in groups)]


def encode(name: str, found: Labels, kinds: Sequence[SubTask], metric: str | None = None) -> Array:
    """Class indices and values, float64 (m,). Raises ``InputError`` for a label that a task does not have."""
    y = np.empty(len(found.labels))
    for number, task in enumerate(kinds):
        mine = np.flatnonzero(found.task == number)
        words = spelled(found.labels[mine])
        if task.classes is None:
            y[mine] = as_numbers(found.labels[mine])
        else:
            y[mine] = class_indices(words, task.classes)
        wrong = np.isnan(y[mine]) if task.classes is None else y[mine] < 0
        if wrong.any():
            rule = "is no number" if task.classes is None else f"is none of {listed(list(task.classes))}"
            raise InputError(f"{name}: the label {words[wrong][0]!r} of task {task.name!r} {rule}; correct it")
    return y
