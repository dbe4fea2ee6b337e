"""What all methods with a pretrained teacher share: the lesson, the student, and how it is trained."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, final

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Method, Suggest
from autotransfer.nets import Cosine, NetworkPredictor, Plan
from autotransfer.nets.trainee import Trainee
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task
from autotransfer_distillation.lesson import Lesson, teach
from autotransfer_distillation.pupil import Sight, backbone_of, enlist, look, target_in_tensors

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch


@final
@dataclass(frozen=True, eq=False)
class View:
    """One batch of target rows, labelled and not, as student and teacher see them.

    :param student: what the student says. :param index: which rows of the lesson they are.
    :param lesson: what the teacher says of them. :param progress: share of the training that is done.
    """

    student: Sight
    index: Tensor
    lesson: Lesson
    progress: float


TIME_SHARE = 1 / 14
"""Of the seconds that are left, for one training: a trial has five folds, with a teacher and a student in each, and the
teacher's answers to all rows take time as well."""

LEAST = 45
"""Steps of a new student, however few its rows are."""

Term: TypeAlias = "Callable[[View], Tensor]"
"""What a student is compared with its teacher by: a scalar."""


@dataclass(frozen=True)
class Distillation(Method):
    """A method whose student learns from labelled target rows and from what a pretrained teacher says of all of them.

    The student sees images at 32 × 32 pixels through three small convolutions, texts and tables as the features of a
    built-in encoder through two layers. The teacher is asked once, so that it costs one pass over the rows; student and
    teacher see a row alike, without augmentation (consistent teaching: Beyer et al., CVPR 2022, arXiv:2106.05237).

    :param width: columns of the student's representation.
    :param epochs: passes over all target rows, at least 45 and at most 1500 steps of 64 labelled rows and 64
        of all.
    :param rate: Adam's learning rate, after a warm-up, before it falls to 0.
    :param teacher_epochs: in which the teacher is trained on the labelled rows; 0: only its head is.
    """

    width: int = 32
    epochs: int = 15
    rate: float = 3e-3
    teacher_epochs: int = 10

    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE, Modality.TEXT, Modality.TABLE})
    regression: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    trades: ClassVar[bool] = True
    predictor: ClassVar[type[Predictor]] = NetworkPredictor
    wants_maps: ClassVar[bool] = False

    def plan(self) -> Plan:
        """How the student is trained."""
        return student_plan(self.epochs, self.rate)

    def label_weight(self) -> float:
        """Of the labels' cross-entropy."""
        return 1.0

    @abstractmethod
    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The comparison, ready to be called with each batch."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> Predictor:
        """Teach; with validation rows the student's best epoch is kept."""
        from autotransfer.nets.seeding import reproducible

        with reproducible(ctx.seed, ctx.device):
            return self.schooled(task, source, ctx)[0].predictor()

    def schooled(self, task: Task, source: Source | None, ctx: Context) -> tuple[Trainee, Lesson]:
        """A trained student and what it was taught. Call it inside of ``seeding.reproducible``."""
        lesson = teach(task, source, ctx, self.teacher_epochs, maps=self.wants_maps)
        rows = target_in_tensors(task, ctx.device)
        pupil = enlist(rows, backbone_of(rows, self.width), ctx)
        self.school(pupil, lesson)
        return pupil, lesson

    def school(self, pupil: Trainee, lesson: Lesson) -> None:
        """Everything between a new student and a trained one."""
        learn(pupil, lesson, self.term(pupil, lesson), self.label_weight(), enough(self.plan(), len(pupil.rows.T)))


def enough(plan: Plan, rows: int) -> Plan:
    """The plan, or one of more epochs where so few rows would get fewer than :data:`LEAST` steps."""
    return replace(plan, epochs=max(plan.epochs, math.ceil(LEAST / plan.steps_per_epoch(rows))))


def student_plan(epochs: int, rate: float) -> Plan:
    """Adam with a warm-up, then half a cosine wave."""
    return Plan(epochs, rate=rate, schedule=Cosine(), decay=1e-4, most_steps=1500)


def learn(pupil: Trainee, lesson: Lesson, term: Term, label_weight: float, plan: Plan) -> None:
    """Train a student by ``label_weight`` times the cross-entropy of labelled rows, plus the term on all rows."""
    import torch

    from autotransfer.nets.plan import Group
    from autotransfer.nets.training import Turn, train

    rows, network = pupil.rows, pupil.network

    def loss(batch: Batch) -> Tensor:
        (labeled, y), (X, index) = batch.parts
        if label_weight:
            sight = look(network, torch.cat([labeled, X]))
            total = label_weight * rows.loss(sight.scores[: len(y)], y)
            sight = sight.after(len(y))
        else:
            sight, total = look(network, X), X.new_zeros(())
        return total + term(View(sight, index, _chosen(lesson, index), batch.progress))

    index = torch.arange(len(rows.T), device=rows.T.device)
    sets = [*rows.labeled(), (rows.T, index)]
    turn = Turn(loss, [Group([p for p in pupil.modules.parameters() if p.requires_grad])])
    timed = replace(plan, seconds=min(plan.seconds, TIME_SHARE * pupil.ctx.seconds_left()))
    train(pupil.modules, [turn], sets, timed, pupil.ctx, rows.judge(network))


def _chosen(lesson: Lesson, index: Tensor) -> Lesson:
    return Lesson(lesson.scores[index], lesson.z[index], None if lesson.maps is None else lesson.maps[index])


def common_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`Distillation`."""
    return {
        "width": suggest.suggest_int("width", 16, 96, log=True),
        "epochs": suggest.suggest_int("epochs", 5, 30, log=True),
        "rate": suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
        "teacher_epochs": suggest.suggest_int("teacher_epochs", 0, 20),
    }
