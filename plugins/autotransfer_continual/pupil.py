"""A network that takes a course, and how it is taught one lesson."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import final

import torch
from torch import Tensor
from torch.nn import Parameter, functional

from autotransfer.nets.batches import Batch
from autotransfer.nets.network import Network
from autotransfer.nets.plan import Group, Plan
from autotransfer.nets.training import Judge, Turn, train
from autotransfer.task import Context
from autotransfer_continual.course import Course, Lesson
from autotransfer_continual.strategy import Strategy


@final
@dataclass(eq=False)
class Pupil:
    """A network and how far it has come.

    :param now: the lesson under way, an index into the course.
    """

    network: Network
    course: Course
    ctx: Context
    now: int = 0
    _visible: dict[int, Tensor] = field(default_factory=dict, repr=False)

    @property
    def lesson(self) -> Lesson:
        """The lesson under way."""
        return self.course.lessons[self.now]

    @property
    def parameters(self) -> list[Parameter]:
        """Everything that is trained."""
        return list(self.network.parameters())

    def vector(self) -> Tensor:
        """All parameters as one, in their order; gradients pass through."""
        return torch.cat([parameter.flatten() for parameter in self.network.parameters()])

    def scores(self, X: Tensor) -> Tensor:
        """All outputs for rows (n, d)."""
        found: Tensor = self.network(X).scores
        return found

    def visible(self, lessons: int | Tensor) -> Tensor:
        """Outputs that compete now for rows of these lessons, bool."""
        if self.now not in self._visible:
            self._visible[self.now] = self.course.visible(self.now)
        return self._visible[self.now][lessons]

    def loss(self, scores: Tensor, y: Tensor, lessons: int | Tensor) -> Tensor:
        """Cross-entropy among the outputs that compete; the mean over the rows.

        :param lessons: which lesson the rows are from, one for all or (n,).
        """
        return functional.cross_entropy(scores.masked_fill(~self.visible(lessons), -torch.inf), y)

    def batch_loss(self, batch: Batch) -> Tensor:
        """Of a batch of the lesson under way."""
        X, y = batch.parts[0]
        return self.loss(self.scores(X), y, self.now)


def teach(strategy: Strategy, index: int, plan: Plan, judge: Judge | None = None) -> None:
    """One lesson. Call it inside of ``seeding.reproducible``.

    :param judge: see ``nets.training.train``.
    """
    pupil = strategy.pupil
    pupil.now = index
    strategy.begin()
    turn = Turn(strategy.loss, [Group(pupil.parameters)], moved=strategy.moved)
    train(pupil.network, [turn], [(pupil.lesson.X, pupil.lesson.y)], plan, pupil.ctx, judge)
    strategy.end()
