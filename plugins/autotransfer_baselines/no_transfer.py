"""The target alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.learners import AnyLearner, LearnerPredictor, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task


@final
@dataclass(frozen=True)
class NoTransfer(Method):
    """Standard practice without any source, "TgtOnly" in Daumé III, "Frustratingly easy domain adaptation", ACL 2007,
    https://aclanthology.org/P07-1033: the baseline that every transfer has to beat.

    :param learner: trained on the labelled target rows.
    """

    name: ClassVar[str] = "no_transfer"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS
    reference: ClassVar[str] = "standard practice"
    predictor: ClassVar[type[Predictor]] = LearnerPredictor

    learner: AnyLearner = field(default_factory=Linear)

    def fit(self, task: Task, source: Source | None, ctx: Context) -> LearnerPredictor:
        ctx.check_time()
        return self.learner.fit(task.train.X, task.train.labels, n_classes=task.n_classes, seed=ctx.seed)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(suggest_learner(suggest))
