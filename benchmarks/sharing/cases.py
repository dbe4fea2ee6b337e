"""School and Landmine: many tasks, few labelled rows of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.metrics import METRICS
from autotransfer.task import SubTask, Task

CLUSTERS = np.repeat([0, 1], [15, 14])
"""Of Landmine's tasks: foliated ground, then desert. Xue, Liao, Carin and Krishnapuram, JMLR 8, 2007."""


@dataclass(frozen=True, eq=False)
class Case:
    """A data set whose rows are each of one task.

    :param X: (n, d) standardised columns. :param y: float64 (n,) values, or 0 and 1. :param classes: None for values.
    :param score: (task, y, predictions) -> larger is better.
    """

    name: str
    X: Array
    y: Array
    task: Array
    classes: tuple[str, ...] | None
    score: Callable[[Array, Array, Array], float]

    def rows(self, which: Array) -> Dataset:
        """Labelled rows at these positions."""
        return Dataset(self.name, Modality.FEATURES, self.X[which], self.y[which], task=self.task[which])

    def splits(self, rows: int, count: int) -> Iterator[tuple[Task, Dataset]]:
        """Random parts: so many training rows of each task, all others to test."""
        tasks = range(int(self.task.max()) + 1)
        for seed in range(count):
            rng = np.random.default_rng(seed)
            drawn = [rng.permutation(np.flatnonzero(self.task == number))[:rows] for number in tasks]
            train = np.sort(np.concatenate(drawn))
            yield self.learning(train), self.rows(np.setdiff1d(np.arange(len(self.y)), train))

    def learning(self, train: Array) -> Task:
        """What methods are given of these rows."""
        spread = 1.0 if self.classes else float(self.y[train].std())
        numbers = range(int(self.task.max()) + 1)
        return Task(
            self.rows(train), None, tasks=tuple(SubTask(str(number), self.classes, 0, spread) for number in numbers)
        )


def landmine(data: Path) -> Case:
    """29 fields, 14,820 rows of 9 features: is it a mine? Scored by the mean over tasks of the area under the curve."""
    return _read(data / "landmine" / "landmine.npz", "Landmine", ("clutter", "mine"), mean_auc)


def school(data: Path) -> Case:
    """139 schools, 15,362 pupils, 27 features: the mark of an examination. Scored by the explained variance."""
    return _read(data / "school_ilea" / "school.npz", "School", None, explained)


def _read(
    path: Path, name: str, classes: tuple[str, ...] | None, score: Callable[[Array, Array, Array], float]
) -> Case:
    if not path.is_file():
        raise InputError(f"{path}: the benchmark needs this file; name its folder by --data")
    with np.load(path, allow_pickle=False) as file:
        X, y, task = (np.asarray(file[part], np.float64) for part in ("X", "y", "task"))
    X = X[:, X.std(axis=0) > 0]
    return Case(name, (X - X.mean(axis=0)) / X.std(axis=0), y, task.astype(np.int64), classes, score)


def mean_auc(task: Array, y: Array, predictions: Array) -> float:
    """Of (n, 2) probabilities, over the tasks that have rows of both classes."""
    auc = METRICS["roc_auc"]
    each = [auc.score(y[task == k].astype(np.int64), predictions[task == k]) for k in np.unique(task)]
    return float(np.nanmean(each))


def explained(task: Array, y: Array, predictions: Array) -> float:
    """One minus the mean squared error over the variance, of all rows together: Bakker and Heskes, JMLR 4, 2003."""
    return 1.0 - float(np.mean((y - predictions[:, 0]) ** 2)) / float(y.var())
