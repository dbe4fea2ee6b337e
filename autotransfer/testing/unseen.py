"""The toy problem with classes that have no labelled row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Source, Task
from autotransfer.testing.draw import Draw, means
from autotransfer.testing.problems import ToyProblem
from autotransfer.testing.render import read_only


def unseen_classes(rows: int = 75) -> ToyProblem:
    """Seven classes in a ring, described by where they are; two of them have no labelled row, and all test rows."""
    draw, names = Draw(14, Modality.FEATURES), tuple(f"part{number}" for number in range(7))
    unseen = np.array([2, 5])

    def among(data: Dataset, *, hidden: bool) -> Dataset:
        kept = data.take(np.isin(data.labels, unseen) == hidden)
        return replace(kept, inputs=read_only(kept.X), y=read_only(kept.labels))

    attributes = read_only(np.column_stack([means(7)[:, :2], means(7)[:, :2] > 0]))
    train, test = among(draw.blobs("train", rows, classes=7), hidden=False), draw.blobs("test", 700, classes=7)
    task = Task(train, names, None, None, attributes)
    nothing = Source("elsewhere", Asset.NONE)
    test = among(test, hidden=True)
    return ToyProblem("unseen_classes", task, nothing, test, floor=0.6, only_for=Asset.UNSEEN_CLASSES)
