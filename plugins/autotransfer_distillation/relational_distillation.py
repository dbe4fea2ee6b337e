"""A student in which rows lie to each other as in its teacher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.method import Distillation, Term, View, common_settings

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class RelationalDistillation(Distillation):
    """Park, Kim, Lu and Cho, Relational Knowledge Distillation, CVPR 2019 (arXiv:1904.05068), RKD-DA.

    The labels' cross-entropy plus the losses of distances and angles between the representations of a batch.

    :param distance: weight of the distances, > 0; 25 in the paper. :param angle: of the angles, > 0; 50 in the paper.
    """

    distance: float = 25.0
    angle: float = 50.0

    name: ClassVar[str] = "relational_distillation"
    reference: ClassVar[str] = "Park, Kim, Lu and Cho, CVPR 2019, arXiv:1904.05068"

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """Both losses."""
        from autotransfer_distillation.losses.relations import angle_loss, distance_loss

        def relations(view: View) -> Tensor:
            z, there = view.student.z, view.lesson.z
            return self.distance * distance_loss(z, there) + self.angle * angle_loss(z, there)

        return relations

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            distance=suggest.suggest_float("distance", 1.0, 250.0, log=True),
            angle=suggest.suggest_float("angle", 1.0, 500.0, log=True),
        )
