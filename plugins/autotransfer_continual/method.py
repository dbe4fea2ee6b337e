"""What all methods of this family share: the lessons, the network, and the model that comes out."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from autotransfer.assets import Asset
from autotransfer.data import Modality
from autotransfer.method import Method, Suggest
from autotransfer.nets import NetworkSpec, Plan
from autotransfer.nets.forms import Form
from autotransfer.nets.rows import DeepRows, gather
from autotransfer.nets.specs import Backbone
from autotransfer.task import Context, Source, Task
from autotransfer_continual.course import Course, course_of
from autotransfer_continual.learner import Learner, Model, NetworkLearner
from autotransfer_continual.predictor import ContinualPredictor

if TYPE_CHECKING:
    from autotransfer_continual.pupil import Pupil
    from autotransfer_continual.strategy import Strategy

FEWEST_STEPS = 40
"""Of a lesson: a target of a few dozen rows gets more epochs."""


@dataclass(frozen=True)
class ContinualMethod(Method):
    """The source's task is learned first, of pooled sources one after the other, and the target's last.

    :param width: units of each of the two hidden layers, columns of the representation.
    :param epochs: passes over a task's rows; at least 40 steps of 64 rows, at most 1000.
    :param rate: Adam's learning rate; each task begins with a new optimiser.
    :param told: where the source has other classes than the target: whether the model is told which task a row is from
        (task-incremental), or all classes so far compete (class-incremental). The search leaves it alone.
    """

    width: int = 128
    epochs: int = 10
    rate: float = 1e-3
    told: bool = True

    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    uses: ClassVar[Asset] = Asset.SHARED_LABELS
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.FEATURES, Modality.IMAGE})
    regression: ClassVar[bool] = False
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    keeps: ClassVar[bool] = True

    def plan(self, rows: int) -> Plan:
        """How a lesson of so many rows is learned."""
        plan = Plan(self.epochs, rate=self.rate)
        return replace(plan, epochs=max(self.epochs, math.ceil(FEWEST_STEPS / plan.steps_per_epoch(rows))))

    def backbone(self, form: Form) -> Backbone:
        """Without batch normalisation, whose statistics would be those of the last lesson."""
        return replace(form.backbone(self.width), norm="none")

    @abstractmethod
    def learner(self, course: Course, backbone: Backbone, ctx: Context) -> Learner[Any]:
        """What takes a course, new. Call it inside of ``seeding.reproducible``."""

    def taught(self, learner: Learner[Model], rows: DeepRows) -> list[Model]:
        """All lessons, and what the learner was after each; with validation rows the last one ends with its best
        epoch's weights."""
        found, last = [], len(learner.course.lessons) - 1
        for index, lesson in enumerate(learner.course.lessons):
            judge = learner.judge(rows.validation) if index == last else None
            learner.learn(index, self.plan(len(lesson.y)), judge)
            found.append(learner.model(rows.form))
        return found


@dataclass(frozen=True)
class NetworkMethod(ContinualMethod):
    """A method with one network, whose last layer has an output for each class of all tasks."""

    predictor: ClassVar[type[ContinualPredictor]] = ContinualPredictor

    @abstractmethod
    def strategy(self, pupil: Pupil) -> Strategy:
        """What this method does about forgetting."""

    def learner(self, course: Course, backbone: Backbone, ctx: Context) -> NetworkLearner:
        """A new network."""
        from autotransfer_continual.pupil import Pupil

        spec = NetworkSpec(backbone, course.outputs)
        return NetworkLearner(self.strategy(Pupil(spec.build().to(ctx.device), course, ctx)), spec)

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ContinualPredictor:
        """The source's lessons, then the target's."""
        from autotransfer.nets.seeding import reproducible

        if source is None:
            raise TypeError(f"{self.name} needs a source")
        with reproducible(ctx.seed, ctx.device):
            rows = gather(task, source, ctx.device)
            course = course_of(rows, source, told=self.told)
            *past, now = self.taught(self.learner(course, self.backbone(rows.form), ctx), rows)
        own, target = course.lessons[0], course.lessons[-1]
        return ContinualPredictor(
            now, (own.first, own.last), (target.first, target.last), str(course.scenario), tuple(past)
        )


def common_settings(suggest: Suggest) -> dict[str, Any]:
    """The fields of :class:`ContinualMethod` that are searched."""
    return {
        "width": suggest.suggest_int("width", 32, 256, log=True),
        "epochs": suggest.suggest_int("epochs", 5, 20, log=True),
        "rate": suggest.suggest_float("rate", 3e-4, 1e-2, log=True),
    }
