"""Deep CORAL: the same covariance in both domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings

if TYPE_CHECKING:
    from torch import Tensor

LAYERS = ("scores", "representation")


@final
@dataclass(frozen=True)
class DeepCoral(PenalisedMethod):
    """Sun and Saenko, Deep CORAL: Correlation Alignment for Deep Domain Adaptation, ECCV Workshops 2016
    (arXiv:1607.01719).

    The loss has the squared distance of the domains' covariances, ||C_S - C_T||^2 / (4 d^2), of one layer's d columns.

    :param layer: ``scores`` as in the paper, or ``representation`` as in later codes.
    :param weight: of the distance, > 0. The paper makes it as large as the classification loss at the end of training.
    """

    layer: str = "scores"
    weight: float = 10.0

    name: ClassVar[str] = "deep_coral"
    reference: ClassVar[str] = "Sun and Saenko, ECCV Workshops 2016, arXiv:1607.01719"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The covariances' distance in the chosen layer."""

        def distance(views: Views) -> Tensor:
            index = LAYERS[::-1].index(self.layer)
            return self.weight * coral_loss(views.source[index], views.target[index])

        return distance

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            layer=suggest.suggest_categorical("layer", LAYERS),
            weight=suggest.suggest_float("weight", 0.1, 1000.0, log=True),
        )


def coral_loss(x: Tensor, y: Tensor) -> Tensor:
    """``||C_x - C_y||^2 / (4 d^2)`` of rows (m, d) and (n, d); 0 where a domain has fewer than two rows."""
    if min(len(x), len(y)) < 2:
        return x.new_zeros(())
    gap = _covariance(x) - _covariance(y)
    return gap.square().sum() / (4 * x.shape[1] ** 2)


def _covariance(x: Tensor) -> Tensor:
    centred = x - x.mean(dim=0)
    return centred.T @ centred / (len(x) - 1)
