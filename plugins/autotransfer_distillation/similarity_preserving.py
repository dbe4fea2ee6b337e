"""A student that finds alike what its teacher finds alike."""

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
class SimilarityPreserving(Distillation):
    """Tung and Mori, Similarity-Preserving Knowledge Distillation, ICCV 2019 (arXiv:1907.09682).

    The labels' cross-entropy plus ``weight`` times the squared difference of the similarities within a batch.

    :param weight: gamma, > 0; 3000 in the paper.
    """

    weight: float = 3000.0

    name: ClassVar[str] = "similarity_preserving"
    reference: ClassVar[str] = "Tung and Mori, ICCV 2019, arXiv:1907.09682"

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The similarities' difference."""
        from autotransfer_distillation.losses.similarity import similarity_loss

        def difference(view: View) -> Tensor:
            return self.weight * similarity_loss(view.student.z, view.lesson.z)

        return difference

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 30.0, 3e4, log=True))
