"""Tasks weighed so that they train at like speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_multitask.method import SharedNetwork, Weighing, common_settings
from autotransfer_multitask.rows import TaskRows

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer_multitask.view import View


@final
@dataclass(frozen=True)
class GradNorm(SharedNetwork):
    """Chen, Badrinarayanan, Lee and Rabinovich, "GradNorm: gradient normalization for adaptive loss balancing in deep
    multitask networks", ICML 2018 (arXiv:1711.02257).

    The weights w are trained along: ``Σ |G_k - mean(G) r_k^α|`` is made small by them alone, G_k being the norm of the
    gradient of w_k times the loss by the last shared layer's weights, and r_k the loss over its first value, divided by
    the mean of these. After each step they are scaled to sum to the number of tasks.

    :param strength: α, at least 0: how strongly tasks that lag behind are favoured.
    """

    strength: float = 1.0

    name: ClassVar[str] = "gradnorm"
    reference: ClassVar[str] = "Chen, Badrinarayanan, Lee and Rabinovich, ICML 2018, arXiv:1711.02257"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """A weight a task, and the losses that training began with."""
        import torch

        w = torch.nn.Parameter(torch.ones(len(rows.present), device=ctx.device))
        first: list[Tensor] = []

        def combine(view: View) -> Tensor:
            losses = view.losses
            if not first:
                first.append(losses.detach().clamp(min=1e-8))
            with torch.no_grad():
                w.clamp_(min=1e-3)
                w.mul_(len(w) / w.sum())
            norms = view.last_layer().norm(dim=1)
            return (w.detach() * losses).mean() + imbalance(w * norms, losses.detach() / first[0], self.strength)

        return combine, [w]

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), strength=suggest.suggest_float("strength", 0.0, 3.0))


def imbalance(norms: Tensor, progress: Tensor, strength: float) -> Tensor:
    """The paper's equation 2: the distance of gradient norms (k,) from what they should be, which counts as constant.

    :param progress: (k,) losses over their first values.
    """
    target = norms.mean() * (progress / progress.mean().clamp(min=1e-8)) ** strength
    return (norms - target.detach()).abs().sum()
