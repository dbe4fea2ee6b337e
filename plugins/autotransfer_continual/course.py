"""Tasks in the order in which they are learned, and which of the network's outputs compete in each of the three
scenarios of van de Ven, Tuytelaars and Tolias, "Three types of incremental learning", Nature Machine Intelligence 4,
2022 (doi:10.1038/s42256-022-00568-3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, final

from autotransfer.nets.rows import DeepRows
from autotransfer.task import Source

if TYPE_CHECKING:
    from torch import Tensor


class Scenario(StrEnum):
    """What differs between the tasks, and whether the model is told which of them a row is from.

    ``DOMAIN``: the classes are the same, the inputs differ; not told, nor is there a need. ``TASK``: each has classes
    of its own, and it is told. ``CLASS``: each has classes of its own, and it is not told.
    """

    DOMAIN = "domain-incremental"
    TASK = "task-incremental"
    CLASS = "class-incremental"


@final
@dataclass(frozen=True, eq=False)
class Lesson:
    """One task's labelled rows.

    :param X: float32 (n, d). :param y: int64 (n,), outputs of the network. :param first: of the task's outputs.
    :param last: the one after the last of them.
    """

    X: Tensor
    y: Tensor
    first: int
    last: int


@final
@dataclass(frozen=True, eq=False)
class Course:
    """Lessons in order; the classes of the first have the first outputs."""

    lessons: tuple[Lesson, ...]
    scenario: Scenario

    @property
    def outputs(self) -> int:
        """Outputs of the network that takes it: all classes of all lessons."""
        return max(lesson.last for lesson in self.lessons)

    def visible(self, now: int) -> Tensor:
        """Which outputs compete for the rows of each lesson while lesson ``now`` is learned: bool (lessons, outputs).

        Told which task a row is from: the task's own. Not told: those of all tasks so far, as in van de Ven and Tolias,
        2019 (arXiv:1904.07734). With the same classes: all.
        """
        import torch

        found = torch.zeros(len(self.lessons), self.outputs, dtype=torch.bool, device=self.lessons[0].X.device)
        for index, lesson in enumerate(self.lessons):
            if self.scenario is Scenario.TASK:
                found[index, lesson.first : lesson.last] = True
            elif index <= now:
                found[:, lesson.first : lesson.last] = True
        return found


def course_of(rows: DeepRows, source: Source, *, told: bool) -> Course:
    """The source's task, or those of its domains in turn, and then the target's.

    :param told: with other classes than the target's, whether it is known which task a row is from.
    """
    from autotransfer.assets import Asset

    shared = Asset.SHARED_LABELS in source.offers
    n_source = rows.n_classes if shared else len(source.classes or ())
    domains = [rows.domain == label for label in sorted(set(rows.domain.tolist()))]
    lessons = [Lesson(rows.S[mask], rows.source_y[mask], 0, n_source) for mask in domains]
    first = 0 if shared else n_source
    target = Lesson(rows.T[: rows.n_labeled], rows.target_y + first, first, first + rows.n_classes)
    scenario = Scenario.DOMAIN if shared else Scenario.TASK if told else Scenario.CLASS
    return Course((*lessons, target), scenario)
