"""The shortest common descent."""

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

_STEPS = 100
_SETTLED = 1e-3


@final
@dataclass(frozen=True)
class Mgda(SharedNetwork):
    """Sener and Koltun, "Multi-task learning as multi-objective optimization", NeurIPS 2018 (arXiv:1810.04650), after
    the multiple gradient descent algorithm of Désidéri, Comptes Rendus Mathématique 350, 2012,
    https://doi.org/10.1016/j.crma.2012.03.014.

    The shared layers follow the shortest vector in the convex hull of the tasks' gradients, along which no loss rises;
    it is found by the steps of Frank and Wolfe, algorithm 2 of the paper. Each task's head follows its own loss.

    :param normalised: whether gradients are divided by their task's loss first, the paper's code's ``loss+``.
    """

    normalised: bool = False

    name: ClassVar[str] = "mgda"
    reference: ClassVar[str] = "Sener and Koltun, NeurIPS 2018, arXiv:1810.04650"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """Weights from the tasks' gradients."""
        count = len(rows.present)

        def combine(view: View) -> Tensor:
            gradients = view.jacobian
            scale = view.losses.detach().clamp(min=1e-6) if self.normalised else view.losses.detach() * 0 + 1
            gradients = gradients / scale[:, None]
            return view.combined(count * shortest(gradients @ gradients.T) / scale)

        return combine, []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), normalised=suggest.suggest_categorical("normalised", (False, True)))


def shortest(gram: Tensor, settled: float = _SETTLED, steps: int = _STEPS) -> Tensor:
    """Shares (k,), summing to 1, of k gradients in the shortest vector of their convex hull.

    :param gram: (k, k) inner products. :param settled: length of a step, in [0, 1], at which steps end.
    """
    import torch

    count = len(gram)
    shares = torch.full((count,), 1.0 / count, dtype=gram.dtype, device=gram.device)
    for _ in range(steps):
        inner = gram @ shares
        corner = int(torch.argmin(inner))
        across, square, length = float(inner[corner]), float(gram[corner, corner]), float(shares @ inner)
        gap = length + square - 2 * across
        step = 1.0 if square <= across else 0.0 if length <= across else (length - across) / gap
        shares = (1 - step) * shares
        shares[corner] += step
        if step < settled:
            break
    return shares
