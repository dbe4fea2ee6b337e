"""Each task by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.learners import AnyLearner, LearnerPredictor, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.by_task import ByTask
from autotransfer_multitask.rows import NEEDS, gather


@final
@dataclass(frozen=True)
class SingleTask(Method):
    """Standard practice without any sharing, "single task learning" in Caruana, "Multitask learning", Machine Learning
    28, 1997, https://doi.org/10.1023/A:1007379606734: what every multi-task method has to beat.

    :param learner: trained on the rows of each task.
    """

    learner: AnyLearner = field(default_factory=Linear)

    name: ClassVar[str] = "single_task"
    needs: ClassVar[Asset] = NEEDS
    reference: ClassVar[str] = "standard practice"
    predictor: ClassVar[type[Predictor]] = ByTask

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ByTask:
        """A learner a task; a task without rows gets none."""
        rows = gather(task)
        models: list[LearnerPredictor | None] = []
        for number, one in enumerate(rows.tasks):
            ctx.check_time()
            mine = rows.task == number
            if not mine.any():
                models.append(None)
                continue
            y = rows.y[mine] if one.classes is None else rows.y[mine].astype(np.int64)
            models.append(self.learner.fit(rows.data.X[mine], y, n_classes=len(one.classes or ()), seed=ctx.seed))
        return ByTask(tuple(models), rows.scales)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The learner."""
        return cls(suggest_learner(suggest))

    @classmethod
    def is_transfer(cls) -> bool:
        """No task learns from another."""
        return False
