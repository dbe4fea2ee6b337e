"""Sequences of tasks made of handwritten digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from autotransfer_continual.course import Course, Lesson, Scenario

from autotransfer.data import Array
from benchmarks.describing.case import part_of_each
from benchmarks.tasks.rows import Rows

TEST_SHARE, VALIDATION_SHARE = 0.2, 0.25
"""Of all rows of a class, the same rows for every seed; and of what is left, where strengths are chosen."""


@dataclass(frozen=True, eq=False)
class Part:
    """:param X: float32 (n, d) in [0, 1]. :param y: int64 (n,), from 0 on in each task."""

    X: Array
    y: Array

    def take(self, rows: Array) -> Part:
        """Those rows."""
        return Part(self.X[rows], self.y[rows])


@dataclass(frozen=True, eq=False)
class Stream:
    """Tasks in order. :param classes: of each task."""

    learned: tuple[Part, ...]
    tested: tuple[Part, ...]
    classes: int

    @property
    def width(self) -> int:
        """Columns of a row."""
        return int(self.learned[0].X.shape[1])

    def course(self, scenario: Scenario) -> Course:
        """Lessons with the same outputs (domain-incremental), or each with its own."""
        import torch

        firsts = [0 if scenario is Scenario.DOMAIN else self.classes * index for index in range(len(self.learned))]
        lessons = (
            Lesson(torch.from_numpy(part.X), torch.from_numpy(part.y + first), first, first + self.classes)
            for part, first in zip(self.learned, firsts, strict=True)
        )
        return Course(tuple(lessons), scenario)

    def validated(self) -> Stream:
        """A quarter of each task's training rows in place of its test rows, which nobody sees."""
        held = [part_of_each(part.y, VALIDATION_SHARE) for part in self.learned]
        pairs = list(zip(self.learned, held, strict=True))
        return replace(
            self,
            learned=tuple(part.take(~rows) for part, rows in pairs),
            tested=tuple(part.take(rows) for part, rows in pairs),
        )


def split(rows: Rows, seed: int, classes: int = 2) -> Stream:
    """Each task tells so many digits apart, the digits dealt out by ``seed``."""
    order = np.random.default_rng(seed).permutation(int(rows.y.max()) + 1).reshape(-1, classes)

    def task(digits: Array, part: Part) -> Part:
        kept = part.take(np.isin(part.y, digits))
        return replace(kept, y=np.argmax(kept.y[:, None] == digits, axis=1))

    return _stream(rows, [partial(task, digits) for digits in order], classes)


def permuted(rows: Rows, seed: int, tasks: int = 10) -> Stream:
    """Each task tells all digits apart, its pixels in an order of its own; the first one's is as it was (Goodfellow et
    al., 2013, arXiv:1312.6211)."""
    rng, width = np.random.default_rng(seed), rows.inputs[0].size
    orders = [np.arange(width), *(rng.permutation(width) for _ in range(tasks - 1))]

    def task(order: Array, part: Part) -> Part:
        return replace(part, X=part.X[:, order])

    return _stream(rows, [partial(task, order) for order in orders], int(rows.y.max()) + 1)


def _stream(rows: Rows, tasks: Sequence[Callable[[Part], Part]], classes: int) -> Stream:
    pixels = np.asarray(rows.inputs, np.float32).reshape(len(rows.y), -1) / np.float32(255)
    test = part_of_each(rows.y, TEST_SHARE)
    whole = Part(pixels, rows.y)
    learned, tested = whole.take(~test), whole.take(test)
    return Stream(tuple(task(learned) for task in tasks), tuple(task(tested) for task in tasks), classes)
