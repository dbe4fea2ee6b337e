"""DAN: representation and scores with the same distribution in both domains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets.trainee import Trainee
from autotransfer_adaptation.deep.method import PenalisedMethod, Penalty, Views, common_settings
from autotransfer_adaptation.deep.mmd import multi_kernel_mmd

if TYPE_CHECKING:
    from torch import Tensor


@final
@dataclass(frozen=True)
class Dan(PenalisedMethod):
    """Long, Cao, Wang and Jordan, Learning Transferable Features with Deep Adaptation Networks, ICML 2015
    (arXiv:1502.02791).

    The loss has the multi-kernel MMD^2 between the domains, summed over the layers that are specific to the task: the
    representation and the scores. As in the authors' later code all kernels weigh the same and the estimate is the
    unbiased one of all pairs; the paper also fits the kernels' weights and takes every second pair, to save time.

    :param weight: of the sum of the discrepancies, > 0; 1 in the paper's best range.
    """

    weight: float = 1.0

    name: ClassVar[str] = "dan"
    reference: ClassVar[str] = "Long, Cao, Wang and Jordan, ICML 2015, arXiv:1502.02791"

    def penalty(self, trainee: Trainee) -> Penalty:
        """The discrepancies of the two layers."""

        def discrepancy(views: Views) -> Tensor:
            pairs = zip(views.source, views.target, strict=True)
            z, scores = (multi_kernel_mmd(source, target) for source, target in pairs)
            return self.weight * (z + scores)

        return discrepancy

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), weight=suggest.suggest_float("weight", 0.1, 10.0, log=True))
