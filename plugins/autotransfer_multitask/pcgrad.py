"""Gradients that conflict, projected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_multitask.method import SharedNetwork, Weighing, common_settings
from autotransfer_multitask.rows import TaskRows

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from autotransfer_multitask.view import View


@final
@dataclass(frozen=True)
class PcGrad(SharedNetwork):
    """Yu, Kumar, Gupta, Levine, Hausman and Finn, "Gradient surgery for multi-task learning", NeurIPS 2020
    (arXiv:2001.06782).

    The gradient of each task loses its component along every other task's gradient that it conflicts with, in random
    order, and the shared layers follow the sum of what is left. Each task's head follows its own loss.
    """

    name: ClassVar[str] = "pcgrad"
    reference: ClassVar[str] = "Yu et al., NeurIPS 2020, arXiv:2001.06782"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """Weights from the tasks' gradients."""
        import torch

        generator = torch.Generator().manual_seed(ctx.seed)

        def combine(view: View) -> Tensor:
            gradients = view.jacobian
            return view.combined(projection_weights(gradients @ gradients.T, generator))

        return combine, []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest))


def projection_weights(gram: Tensor, generator: torch.Generator) -> Tensor:
    """What each of k gradients weighs in the sum of all projected ones, (k,).

    :param gram: (k, k) inner products of the gradients. Whatever is projected stays a sum of gradients: only their
        inner products are needed. The order of the projections is drawn for each gradient in turn; all gradients are
        projected side by side, one step after the other.
    """
    import torch

    count = len(gram)
    orders = torch.stack([torch.randperm(count, generator=generator) for _ in range(count)]).to(gram.device)
    each = torch.arange(count, device=gram.device)
    weights = torch.eye(count, dtype=gram.dtype, device=gram.device)
    squares = gram.diagonal().clamp(min=torch.finfo(gram.dtype).tiny)
    for other in orders.T:
        inner = (weights * gram[other]).sum(dim=1)
        cut = torch.where((inner < 0) & (other != each), inner / squares[other], 0.0)
        weights = weights.index_put((each, other), -cut, accumulate=True)
    return weights.sum(dim=0)
