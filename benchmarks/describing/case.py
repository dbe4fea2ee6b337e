"""A zero-shot question: rows, classes, descriptions, and which classes are unseen in which split."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Task


@dataclass(frozen=True, eq=False)
class Case:
    """:param X: (n, d) features. :param y: (n,) class indices. :param attributes: (n_classes, a).
    :param splits: tuples of unseen classes.
    :param test: (n,) bool, rows of seen classes that are not learned from; rows of unseen classes never are.
    """

    name: str
    X: Array
    y: Array
    attributes: Array
    splits: Sequence[tuple[int, ...]]
    test: Array

    def parts(self) -> Iterator[tuple[Task, Dataset, Array]]:
        """Of each split: a task, test rows, and its unseen classes."""
        names = tuple(str(label) for label in range(len(self.attributes)))
        for split in self.splits:
            unseen = np.array(split)
            hidden = np.isin(self.y, unseen)
            train, test = (self._rows(kept) for kept in (~hidden & ~self.test, hidden | self.test))
            yield Task(train, names, None, None, self.attributes), test, unseen

    def _rows(self, kept: Array) -> Dataset:
        return Dataset(self.name, Modality.FEATURES, self.X[kept], self.y[kept])


def shared_out(n_classes: int, each: int, seed: int = 0) -> list[tuple[int, ...]]:
    """Splits of ``each`` unseen classes, so that every class is unseen once as far as the number allows."""
    order = np.random.default_rng(seed).permutation(n_classes)
    return [tuple(order[i : i + each].tolist()) for i in range(0, n_classes - each + 1, each)]


def part_of_each(y: Array, share: float, seed: int = 0) -> Array:
    """Which rows are put aside for the test: a share of each class, drawn at random. Bool (n,)."""
    rng, test = np.random.default_rng(seed), np.zeros(len(y), dtype=bool)
    for label in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == label))
        test[rows[: round(share * len(rows))]] = True
    return test
