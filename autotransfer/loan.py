"""Tasks of the target's form from the classes of a source, where the target has too few labels to be scored by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method
from autotransfer.problem import Problem
from autotransfer.splits import Borrowed
from autotransfer.task import Source

TASKS = 30
"""Tasks of a part; of two parts, with a row a class, the mean accuracy is known to about two points."""
_QUERIES = 2
"""Rows of each class of a task that are to be told."""
_SHARE = 5
"""One class in so many is held out, and at least as many as the target has."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """One task: positions among the lender's rows.

    :param classes: (ways,) the lender's classes, in the order of the task's. :param support: (n,) labelled rows, with
        ``support_y`` (n,) in [0, ways). :param query: rows to be told, and ``query_y`` likewise.
    """

    classes: Array
    support: Array
    support_y: Array
    query: Array
    query_y: Array


@dataclass(frozen=True, eq=False)
class Loan:
    """What one part holds out: of the ``lender`` the classes ``held`` (k,), from which no method may learn."""

    lender: Source
    held: Array
    tasks: tuple[Drawn, ...]

    @property
    def query_y(self) -> Array:
        """Of all tasks, one after the other."""
        return np.concatenate([task.query_y for task in self.tasks])

    @property
    def groups(self) -> Array:
        """The task that each query row belongs to."""
        return np.repeat(np.arange(len(self.tasks)), [len(task.query) for task in self.tasks])

    def names(self) -> list[str]:
        """Of the classes that are held out."""
        known = self.lender.classes or ()
        return [known[label] for label in self.held]


def borrow(problem: Problem, part: Borrowed) -> Loan:
    """The classes that a part holds out, and its tasks: as many classes and labelled rows of each as the target has, as
    far as half of the lender's classes and all rows of a class but one allow. Equal parts give equal tasks."""
    lender = problem.lender
    if lender is None:
        raise TypeError(f"{problem.name}: no source lends its classes")
    counts = problem.class_counts()
    y, counts = lender.rows.labels, counts[counts > 0]
    labels, rows = np.unique(y, return_counts=True)
    usable = np.random.default_rng(part.seed).permutation(labels[rows > 1])
    size = min(max(len(counts), len(usable) // _SHARE), len(usable) // 2)
    held = np.sort(usable[part.index * size : (part.index + 1) * size])
    rng = np.random.default_rng((part.seed, part.index))
    return Loan(lender, held, tuple(_drawn(y, held, counts, rng) for _ in range(TASKS)))


def _drawn(y: Array, held: Array, counts: Array, rng: np.random.Generator) -> Drawn:
    classes = rng.permutation(held)[: len(counts)]
    rows = [rng.permutation(np.flatnonzero(y == label)) for label in classes]
    sizes = [min(int(size), len(part) - 1) for size, part in zip(rng.permutation(counts), rows, strict=False)]
    support = [part[:size] for size, part in zip(sizes, rows, strict=True)]
    query = [part[size : size + _QUERIES] for size, part in zip(sizes, rows, strict=True)]
    numbers = np.arange(len(classes))
    labels = [np.repeat(numbers, [len(part) for part in parts]) for parts in (support, query)]
    return Drawn(classes, np.concatenate(support), labels[0], np.concatenate(query), labels[1])


def why_not(problem: Problem, source: Source | None, method: type[Method]) -> str | None:
    """Why an arm with this source cannot be judged by borrowed classes, in words; None when it can."""
    lender = problem.lender
    if lender is None or source is None:
        return None
    judged = f"with so few target labels arms are judged by classes of {lender.name}"
    if method.keeps:
        return f"{judged}, which it would have to keep"
    if Asset.SHARED_LABELS in source.offers:
        return f"{judged}, and its labels are the target's"
    if source.data is None and set(source.classes or ()) & set(lender.classes or ()):
        return f"{judged}, which its model knows already"
    return None


def few_ways(problem: Problem) -> tuple[str, ...]:
    """What the run says of scores on borrowed classes; nothing where the target's own labels score."""
    lender = problem.lender
    if lender is None:
        return ()
    ways, wanted = len(borrow(problem, Borrowed(0, 0)).held), np.count_nonzero(problem.class_counts())
    note = (
        f"{problem.target.name}: too few labelled rows to score by; scores are estimates, from {2 * TASKS} tasks of "
        f"its form with classes of {lender.name} that are held out"
    )
    fewer = f"; they have {ways} classes and not {wanted}, which is easier" if ways < wanted else ""
    return (note + fewer,)
