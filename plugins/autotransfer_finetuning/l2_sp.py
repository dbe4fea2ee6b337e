"""Weight decay towards the pretrained weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.tuning import TunedMethod, Tuning, common_settings
from autotransfer_finetuning.head_decay import head_decay

if TYPE_CHECKING:
    from torch import Tensor

    from autotransfer.nets.batches import Batch
    from autotransfer.nets.training import Loss


@final
@dataclass(frozen=True)
class L2Sp(TunedMethod):
    """Li, Grandvalet and Davoine, "Explicit inductive bias for transfer learning with convolutional networks", ICML
    2018 (arXiv:1802.01483): the loss has ``alpha / 2 ||w - w0||^2 + beta / 2 ||v||^2`` for weights w that began as w0
    and weights v of the head, in place of weight decay.

    :param alpha: > 0. :param beta: > 0; 0.01 in the paper.
    """

    alpha: float = 0.03
    beta: float = 0.01

    name: ClassVar[str] = "l2_sp"
    reference: ClassVar[str] = "Li et al., ICML 2018, arXiv:1802.01483"

    def plan(self) -> Plan:
        """The base's without weight decay."""
        return replace(super().plan(), decay=0.0)

    def loss(self, tuning: Tuning) -> Loss:
        """The labels' loss and the penalty."""
        labels = super().loss(tuning)

        def loss(batch: Batch) -> Tensor:
            return labels(batch) + penalty(tuning, self.alpha, self.beta)

        return loss

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(
            **common_settings(suggest),
            alpha=suggest.suggest_float("alpha", 1e-3, 1.0, log=True),
            beta=suggest.suggest_float("beta", 1e-4, 0.1, log=True),
        )


def penalty(tuning: Tuning, alpha: float, beta: float) -> Tensor:
    """``alpha / 2 ||w - w0||^2 + beta / 2 ||v||^2``."""
    import torch

    moved = [(p - tuning.base[name]).square().sum() for name, p in tuning.parameters().items() if p.requires_grad]
    return alpha / 2 * torch.stack(moved).sum() + head_decay(tuning.network.head, beta)
