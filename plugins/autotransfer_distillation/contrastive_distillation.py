"""A student whose representation of a row is told from others by the teacher's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_distillation.lesson import Lesson
from autotransfer_distillation.method import Distillation, Term, View, common_settings

if TYPE_CHECKING:
    from torch import Tensor

FORMS = ("critic", "infonce")
_NEGATIVES = 512
_WIDTH = 128


@final
@dataclass(frozen=True)
class ContrastiveDistillation(Distillation):
    """Tian, Krishnan and Isola, Contrastive Representation Distillation, ICLR 2020 (arXiv:1910.10699).

    Student and teacher have linear projections of length 1, trained along. A student's row has to be told from others
    by the teacher's representations, and the other way round. The authors keep old projections of all rows in a memory
    bank; here the teacher's representations are all at hand, so its negatives are 512 rows drawn anew and projected as
    they are now, while the student's are those of the batch. As in the authors' code rows of one class are no
    negatives of each other: the teacher's class, that is, since not all rows have labels.

    :param weight: of the contrast, > 0; 0.8 in the authors' code. :param temperature: > 0; 0.07 there.
    :param form: ``critic`` as in the paper, or ``infonce`` (van den Oord et al., arXiv:1807.03748).
    """

    weight: float = 0.8
    temperature: float = 0.07
    form: str = "critic"

    name: ClassVar[str] = "contrastive_distillation"
    reference: ClassVar[str] = "Tian, Krishnan and Isola, ICLR 2020, arXiv:1910.10699"

    def term(self, pupil: Trainee, lesson: Lesson) -> Term:
        """The contrast, both ways."""
        import torch

        from autotransfer_distillation.losses.contrast import Projection

        ours, theirs = (pupil.add(Projection(z, _WIDTH)) for z in (self.width, lesson.z.shape[1]))
        classes, count = lesson.scores.argmax(dim=1), len(lesson.z)
        generator = torch.Generator().manual_seed(pupil.ctx.seed)
        to_teacher, to_student = self._loss(), self._loss()

        def contrast(view: View) -> Tensor:
            drawn = torch.randint(count, (min(_NEGATIVES, count),), generator=generator).to(view.index.device)
            index = torch.cat([view.index, drawn])
            mine, there = ours(view.student.z), theirs(lesson.z[index])
            alike = classes[view.index][:, None] == classes[index][None]
            n = len(view.index)
            both = to_teacher(mine, there, alike) + to_student(there[:n], mine, alike[:, :n])
            return self.weight * both

        return contrast

    def _loss(self) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
        from autotransfer_distillation.losses.contrast import critic_loss, info_nce, mean_level

        levels: list[float] = []  # of the first batch

        def critic(anchors: Tensor, others: Tensor, alike: Tensor) -> Tensor:
            if not levels:
                levels.append(mean_level(anchors, others, self.temperature))
            return critic_loss(anchors, others, self.temperature, levels[0], alike)

        def noise(anchors: Tensor, others: Tensor, alike: Tensor) -> Tensor:
            return info_nce(anchors, others, self.temperature, alike)

        return critic if self.form == FORMS[0] else noise

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 0.05, 5.0, log=True),
            temperature=suggest.suggest_float("temperature", 0.02, 0.5, log=True),
            form=suggest.suggest_categorical("form", FORMS),
        )
