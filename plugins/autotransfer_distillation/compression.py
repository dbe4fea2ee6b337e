"""What the methods share that make a trained student smaller."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.nets.trainee import Trainee
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.compressed import CompressedPredictor
from autotransfer_distillation.knowledge_distillation import answers
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.method import Distillation, Term, common_settings, enough, learn
from autotransfer_distillation.pupil import later

TEMPERATURE = 4.0
"""Of the teacher's answers."""


@dataclass(frozen=True)
class Compression(Distillation):
    """A student that was distilled (see ``knowledge_distillation``), made smaller, and trained on as before.

    :param share: of the teacher's answers in the loss, in [0, 1].
    :param retrain: epochs of training after each cut, at a third of the rate, at least 1.
    """

    share: float = 0.9
    retrain: int = 5

    predictor: ClassVar[type[Predictor]] = CompressedPredictor
    int8: ClassVar[bool] = False

    def label_weight(self) -> float:
        """What the teacher leaves."""
        return 1.0 - self.share

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The divergence of the answers."""
        return answers(TEMPERATURE, self.share)

    @abstractmethod
    def compress(self, pupil: Trainee, lesson: Lesson) -> Trainee:
        """The smaller student, trained on."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        """Teach, distil, compress."""
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            pupil, lesson = self.schooled(task, source, ctx)
            smaller = self.compress(pupil, lesson)
            return CompressedPredictor.of(smaller.predictor(), int8=self.int8)

    def train_on(self, pupil: Trainee, lesson: Lesson) -> Trainee:
        """The same loss again; the student as it may be trained on once more."""
        after = replace(pupil, ctx=later(pupil.ctx, enough(self.plan(), len(pupil.rows.T)).epochs))
        learn(after, lesson, self.term(after, lesson), self.label_weight(), self.second_plan())
        return after

    def second_plan(self) -> Plan:
        """Shorter and slower."""
        return replace(self.plan(), epochs=self.retrain, rate=self.rate / 3)


def compression_settings(suggest: Suggest, *, retrained: bool = True) -> dict[str, Any]:
    """The fields of :class:`Compression`."""
    found = {**common_settings(suggest), "share": suggest.suggest_float("share", 0.0, 1.0)}
    return found | ({"retrain": suggest.suggest_int("retrain", 2, 20, log=True)} if retrained else {})
