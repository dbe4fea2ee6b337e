"""MCC: predictions on the target that do not confuse classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class MinimumClassConfusion(PenalisedMethod):
    """Jin, Wang, Long and Wang, Minimum Class Confusion for Versatile Domain Adaptation, ECCV 2020 (arXiv:1912.03699).

    The loss has the share of the target rows' probability that goes to pairs of different classes, measured on the
    class correlations of a batch, with sure rows weighing more. Nothing is aligned.

    :param weight: of the confusion, > 0; 1 in the paper. :param temperature: of the softmax, > 0; 2.5 in the paper.
    """

    weight: float = 1.0
    temperature: float = 2.5

    name: ClassVar[str] = "minimum_class_confusion"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Jin, Wang, Long and Wang, ECCV 2020, arXiv:1912.03699"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The confusion of the target's batch."""

        def confusion(views: Views) -> Tensor:
            return self.weight * class_confusion(views.target.scores, self.temperature)

        return confusion

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            **common_settings(suggest),
            weight=suggest.suggest_float("weight", 0.1, 3.0, log=True),
            temperature=suggest.suggest_float("temperature", 1.0, 5.0),
        )


def class_confusion(scores: Tensor, temperature: float) -> Tensor:
    """Mean over the C classes of the off-diagonal part of the row-normalised class correlations ``P^T W P``, with
    ``P = softmax(scores / temperature)`` of shape (n, C) and ``W`` the rows' weights ``1 + exp(-entropy)``, of mean 1.
    """
    p = (scores / temperature).softmax(dim=1)
    entropy = -(p * (p + 1e-9).log()).sum(dim=1)
    weights = 1.0 + (-entropy.detach()).exp()
    weights = weights / weights.mean()
    correlation = (p * weights[:, None]).T @ p
    correlation = correlation / correlation.sum(dim=1, keepdim=True)
    return 1.0 - correlation.diagonal().mean()
