"""A student that learns the softened answers of its teacher."""

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
class KnowledgeDistillation(Distillation):
    """Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, NIPS Workshop 2014 (arXiv:1503.02531).

    The loss is ``(1 - share)`` times the labels' cross-entropy plus ``share`` times T^2 times the divergence of the
    softened answers.

    :param temperature: T, > 0. :param share: of the teacher's answers, in [0, 1].
    """

    temperature: float = 4.0
    share: float = 0.9

    name: ClassVar[str] = "knowledge_distillation"
    reference: ClassVar[str] = "Hinton, Vinyals and Dean, NIPS Workshop 2014, arXiv:1503.02531"

    def label_weight(self) -> float:
        """What the teacher leaves."""
        return 1.0 - self.share

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The divergence of the answers."""
        return answers(self.temperature, self.share)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            temperature=suggest.suggest_float("temperature", 1.0, 16.0, log=True),
            share=suggest.suggest_float("share", 0.0, 1.0),
        )


def answers(temperature: float, weight: float) -> Term:
    """``weight`` times the softened divergence of student and teacher."""
    from autotransfer_distillation.losses.response import softened_divergence

    def divergence(view: View) -> Tensor:
        return weight * softened_divergence(view.student.scores, view.lesson.scores, temperature)

    return divergence
