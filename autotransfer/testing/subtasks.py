"""The toy problem with several tasks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Source, SubTask, Task
from autotransfer.testing.draw import WIDTH, Draw
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.render import read_only

_CLASSES = (("no", "yes"), ("low", "middle", "high"), None)


def many_tasks(rows: int = 45) -> ToyProblem:
    """Two classes, three classes and values, all told by the same direction of the inputs; so many rows each."""
    draw = Draw(15, Modality.FEATURES)
    train, test = (_entries(draw, name, n) for name, n in (("train", rows), ("test", 100)))
    spread = float(train.labels[np.asarray(train.task) == 2].std())
    tasks = tuple(
        SubTask(name, classes, number, 1.0 if classes else spread)
        for number, (name, classes) in enumerate(zip(("side", "third", "value"), _CLASSES, strict=True))
    )
    nothing = Source("elsewhere", Asset.NONE)
    task = Task(train, None, tasks=tasks)
    return ToyProblem("many_tasks", task, nothing, test, floor=0.6, only_for=Asset.MANY_TARGETS)


def _entries(draw: Draw, name: str, rows: int) -> Dataset:
    """The first row is of the first class of the first task."""
    X = draw.rng.normal(0, 1, (3 * rows, WIDTH))
    X[0, :2] = -1.0
    hidden = (2 * X[:, 0] + X[:, 1]) / np.sqrt(5) + draw.rng.normal(0, 0.1, len(X))
    labels = np.stack([hidden > 0, np.digitize(hidden, (-0.43, 0.43)), 10 + 5 * hidden])
    task = np.arange(3 * rows) % 3
    found = draw.rows(name, X, labels[task, np.arange(len(X))].astype(np.float64))
    return replace(found, task=read_only(task))
