"""JAN: representation and prediction with the same joint distribution in both domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings
from autotransfer_adaptation.deep.mmd import joint_mmd

if TYPE_CHECKING:
    from torch import Tensor

_BANDWIDTH = 1.68
"""Of the kernel on class probabilities, as in the authors' code."""


@final
@dataclass(frozen=True)
class Jan(PenalisedMethod):
    """Long, Zhu, Wang and Jordan, Deep Transfer Learning with Joint Adaptation Networks, ICML 2017 (arXiv:1605.06636).

    The loss has the joint MMD^2 of the representation and the class probabilities, whose kernel is the product of a
    multi-kernel on the first and a Gaussian on the second.

    :param weight: of the joint discrepancy, > 0; 1 in the authors' code.
    """

    weight: float = 1.0

    name: ClassVar[str] = "jan"
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Long, Zhu, Wang and Jordan, ICML 2017, arXiv:1605.06636"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The joint discrepancy."""

        def discrepancy(views: Views) -> Tensor:
            source, target = ((side.z, side.scores.softmax(dim=1)) for side in (views.source, views.target))
            return self.weight * joint_mmd(source, target, _BANDWIDTH)

        return discrepancy

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 0.1, 10.0, log=True))
