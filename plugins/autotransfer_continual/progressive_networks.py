"""Progressive networks: a new column for each task, the old ones frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.nets.forms import Form
from autotransfer.nets.rows import gather
from autotransfer.nets.specs import Backbone
from autotransfer.task import Context, Source, Task
from autotransfer_continual.course import Course, Scenario, course_of
from autotransfer_continual.learner import Learner
from autotransfer_continual.method import ContinualMethod, common_settings
from autotransfer_continual.progressive_predictor import ProgressivePredictor

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Judge
    from autotransfer_continual.columns import Column


@final
@dataclass(frozen=True)
class ProgressiveNetworks(ContinualMethod):
    """Rusu et al., "Progressive neural networks", 2016 (arXiv:1606.04671).

    Each task gets a column of two hidden layers, which sees those of the frozen columns before it through the paper's
    adapters. What was learned cannot be forgotten, the model grows with every task, and it has to be told which task a
    row is from: ``told`` is without effect. Images are taken as rows of pixels.
    """

    name: ClassVar[str] = "progressive_networks"
    reference: ClassVar[str] = "Rusu et al., 2016, arXiv:1606.04671"
    predictor: ClassVar[type[ProgressivePredictor]] = ProgressivePredictor

    def learner(self, course: Course, backbone: Backbone, ctx: Context) -> ColumnsLearner:
        """No column yet; the backbone is not looked at."""
        return ColumnsLearner(course, self.width, ctx)

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ProgressivePredictor:
        """A column for each of the source's lessons, then the target's."""
        from autotransfer.nets.seeding import reproducible

        if source is None:
            raise TypeError(f"{self.name} needs a source")
        with reproducible(ctx.seed, ctx.device):
            rows = gather(task, source, ctx.device)
            course = course_of(rows, source, told=True)
            *past, now = self.taught(self.learner(course, self.backbone(rows.form), ctx), rows)
        return replace(now, past=tuple(before.columns for before in past))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest))


@final
class ColumnsLearner(Learner[ProgressivePredictor]):
    """Columns so far."""

    def __init__(self, course: Course, width: int, ctx: Context) -> None:
        self.course, self._width, self._ctx = course, width, ctx
        self.columns: list[Column] = []

    def learn(self, index: int, plan: Plan, judge: Judge | None = None) -> None:
        """Another column, trained alone."""
        from torch.nn.functional import cross_entropy

        from autotransfer.nets.plan import Group
        from autotransfer.nets.training import Turn, train
        from autotransfer_continual.columns import Column, through

        lesson = self.course.lessons[index]
        column = Column(lesson.X.shape[1], self._width, lesson.last - lesson.first, index).to(self._ctx.device)
        self.columns.append(column)

        def loss(batch: Batch) -> Tensor:
            X, y = batch.parts[0]
            return cross_entropy(through(self.columns, X), y - lesson.first)

        turn = Turn(loss, [Group([p for p in column.parameters() if p.numel()])])
        train(column, [turn], [(lesson.X, lesson.y)], plan, self._ctx, judge)

    def scores(self, X: Tensor, lesson: int) -> Array:
        """By the lesson's own column; before it is learned all of its classes are alike."""
        import torch

        from autotransfer_continual.columns import through

        task = self.course.lessons[lesson]
        found = np.full((len(X), self.course.outputs), -np.inf)
        with torch.no_grad():
            known = lesson < len(self.columns)
            found[:, task.first : task.last] = through(self.columns[: lesson + 1], X).cpu().numpy() if known else 0.0
        return found

    def model(self, form: Form) -> ProgressivePredictor:
        """All columns, the last one asked."""
        columns = tuple(
            {name: np.array(part.detach().cpu().numpy()) for name, part in column.state_dict().items() if part.numel()}
            for column in self.columns
        )
        return ProgressivePredictor(form, columns, str(Scenario.TASK))
