"""Tasks weighed by a noise that is learned."""

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
class UncertaintyWeighting(SharedNetwork):
    """Kendall, Gal and Cipolla, "Multi-task learning using uncertainty to weigh losses for scene geometry and
    semantics", CVPR 2018 (arXiv:1705.07115).

    Each task has a noise σ that is trained along: squared errors count ``loss / (2 σ²) + log σ``, cross-entropies
    ``loss / σ² + log σ``. As in the paper s = log σ² is what is trained, from 0 on.
    """

    name: ClassVar[str] = "uncertainty_weighting"
    reference: ClassVar[str] = "Kendall, Gal and Cipolla, CVPR 2018, arXiv:1705.07115"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """A noise a task."""
        import torch

        s = torch.nn.Parameter(torch.zeros(len(rows.present), device=ctx.device))
        values = torch.from_numpy(rows.scales.classes[rows.present] == 0).to(ctx.device)

        def combine(view: View) -> Tensor:
            factor = torch.where(values, 0.5, 1.0)
            return (factor * torch.exp(-s) * view.losses + s / 2).mean()

        return combine, [s]

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest))
