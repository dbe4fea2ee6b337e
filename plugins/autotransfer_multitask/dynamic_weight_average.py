"""Tasks weighed by how fast their losses fall."""

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
class DynamicWeightAverage(SharedNetwork):
    """Liu, Johns and Davison, "End-to-end multi-task learning with attention", CVPR 2019 (arXiv:1803.10704): dynamic
    weight average.

    In each epoch a task weighs ``K softmax(r / T)``, r being its mean loss of the last epoch over that of the epoch
    before; 1 in the first two.

    :param temperature: T, positive: the larger, the more alike.
    """

    temperature: float = 2.0

    name: ClassVar[str] = "dynamic_weight_average"
    reference: ClassVar[str] = "Liu, Johns and Davison, CVPR 2019, arXiv:1803.10704"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """Mean losses of epochs so far."""
        import numpy as np
        import torch

        steps = self.plan(rows).steps_per_epoch(int(np.bincount(rows.task).max()))
        seen: list[Tensor] = []

        def combine(view: View) -> Tensor:
            losses = view.losses
            weights = torch.ones_like(losses) if len(seen) < 2 * steps else shares(seen, steps, self.temperature)
            seen.append(losses.detach())
            return (weights * losses).mean()

        return combine, []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), temperature=suggest.suggest_float("temperature", 0.5, 8.0, log=True))


def shares(seen: list[Tensor], steps: int, temperature: float) -> Tensor:
    """Weights (k,) that sum to k, from the losses (k,) of all steps so far, two epochs of ``steps`` at least."""
    import torch

    epoch = len(seen) // steps
    last, before = (
        torch.stack(seen[(epoch - back) * steps : (epoch - back + 1) * steps]).mean(dim=0) for back in (1, 2)
    )
    ratio = last / before.clamp(min=1e-8)
    return len(ratio) * torch.softmax(ratio / temperature, dim=0)
