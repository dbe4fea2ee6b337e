"""The labelled rows of several tasks as every method of this family takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset
from autotransfer.state import State
from autotransfer.task import SubTask, Task

NEEDS = Asset.TARGET_LABELS | Asset.MANY_TARGETS
"""What the methods of this family need."""


@dataclass(frozen=True, eq=False)
class Scales:
    """How scores of tasks become predictions.

    :param classes: int64 (n_tasks,): classes of each task, 0 for values.
    :param level: (n_tasks,). :param spread: (n_tasks,), positive: ``y = level + spread * score`` for values.
    """

    classes: Array
    level: Array
    spread: Array

    @property
    def outputs(self) -> Array:
        """Scores of each task, int64 (n_tasks,)."""
        return np.maximum(self.classes, 1)

    @property
    def width(self) -> int:
        """Columns of predictions: those of the widest task."""
        return int(self.outputs.max())

    @property
    def columns(self) -> Array:
        """Where each task's scores stand among those of all tasks, int64 (n_tasks, width); beyond its own its last."""
        starts = np.cumsum(self.outputs) - self.outputs
        return np.asarray(starts[:, None] + np.minimum(np.arange(self.width), self.outputs[:, None] - 1))

    def inside(self, task: Array) -> Array:
        """Which columns are a task's own, bool (n, width)."""
        return np.asarray(np.arange(self.width) < self.outputs[task][:, None])

    def predictions(self, scores: Array, task: Array) -> Array:
        """Float64 (n, width): softmax of scores (n, width) for classes, values in their own unit, zeros beyond."""
        inside = self.inside(task)
        shifted = np.where(inside, scores - np.where(inside, scores, -np.inf).max(axis=1, keepdims=True), -np.inf)
        weights = np.exp(shifted)
        found = weights / weights.sum(axis=1, keepdims=True)
        values = self.classes[task] == 0
        found[values, 0] = self.level[task[values]] + self.spread[task[values]] * scores[values, 0]
        return np.asarray(found)

    def state(self) -> State:
        """Plain data."""
        return {"classes": self.classes, "level": self.level, "spread": self.spread}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        level, spread = (np.asarray(state[name], np.float64) for name in ("level", "spread"))
        return cls(np.asarray(state["classes"], np.int64), level, spread)


@dataclass(frozen=True, eq=False)
class TaskRows:
    """Labelled rows.

    :param task: int64 (n,). :param y: float64 (n,): class indices, or values standardised over the tasks of one space.
    """

    data: Dataset
    task: Array
    y: Array
    tasks: tuple[SubTask, ...]
    scales: Scales

    @property
    def present(self) -> Array:
        """Tasks with rows, ascending."""
        return np.unique(self.task)

    def of_tasks(self, tasks: Array) -> TaskRows:
        """The rows of these tasks alone; the others are known without rows."""
        mine = np.isin(self.task, tasks)
        return replace(self, data=self.data.take(mine), task=self.task[mine], y=self.y[mine])


def gather(task: Task) -> TaskRows:
    """The task's rows. Raises ``TypeError`` where there is one task."""
    number = task_numbers(task.train)
    spaces = np.array([one.space for one in task.tasks])
    y = np.asarray(task.train.labels, np.float64).copy()
    level, spread = np.zeros(len(spaces)), np.ones(len(spaces))
    for index, one in enumerate(task.tasks):
        if one.classes is None:
            values = y[spaces[number] == one.space] if len(y) else y
            level[index], spread[index] = (values.mean(), values.std() or 1.0) if len(values) else (0.0, 1.0)
    classes = np.array([len(one.classes or ()) for one in task.tasks])
    return TaskRows(
        task.train, number, (y - level[number]) / spread[number], task.tasks, Scales(classes, level, spread)
    )


def task_numbers(data: Dataset) -> Array:
    """Of each row. Raises ``TypeError`` where there is one task."""
    if data.task is None:
        raise TypeError(f"{data.name} does not tell the task of its rows")
    return data.task
