"""Descent near the mean gradient that helps the task that gains least."""

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

_STEPS = 500
_SETTLED = 1e-6


@final
@dataclass(frozen=True)
class CaGrad(SharedNetwork):
    """Liu, Liu, Jin, Stone and Liu, "Conflict-averse gradient descent for multi-task learning", NeurIPS 2021
    (arXiv:2110.14048).

    Of all directions within ``radius`` times the mean gradient's length from the mean gradient, the shared layers
    follow the one along which the task that gains least gains most. Each task's head follows its own loss.

    The dual problem, over the simplex, is solved by accelerated projected gradient steps; the paper's code asks a
    general solver of scipy.

    :param radius: the paper's c, in [0, 1): 0 is the mean gradient.
    """

    radius: float = 0.5

    name: ClassVar[str] = "cagrad"
    reference: ClassVar[str] = "Liu, Liu, Jin, Stone and Liu, NeurIPS 2021, arXiv:2110.14048"

    def weighing(self, rows: TaskRows, ctx: Context) -> tuple[Weighing, list[nn.Parameter]]:
        """Weights from the tasks' gradients."""

        def combine(view: View) -> Tensor:
            gradients = view.jacobian.double()
            weights = averse_weights(gradients @ gradients.T, self.radius, _SETTLED)
            return view.combined(weights.to(view.losses.dtype))

        return combine, []

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**common_settings(suggest), radius=suggest.suggest_float("radius", 0.0, 0.9))


def averse_weights(gram: Tensor, radius: float, settled: float = 1e-9) -> Tensor:
    """Weights (k,) of k gradients in the direction ``g0 + (radius |g0| / |g_w|) g_w``, g0 being their mean and w the
    point of the simplex at which ``g_w · g0 + radius |g0| |g_w|`` is least.

    :param gram: (k, k) inner products, float64. :param settled: change of w at which steps end.
    """
    import torch

    count = len(gram)
    even = torch.full((count,), 1.0 / count, dtype=gram.dtype, device=gram.device)
    scale = float(gram.diagonal().max())
    if scale <= 0.0 or radius == 0.0:
        return even
    unit = gram / scale
    toward = unit @ even
    reach = radius * float(toward @ even) ** 0.5
    w = least(unit, toward, (reach, settled), even)
    length = float(w @ unit @ w) ** 0.5
    return even + (reach / length) * w if length > 1e-9 else even


def least(gram: Tensor, linear: Tensor, about: tuple[float, float], start: Tensor) -> Tensor:
    """The point w of the simplex at which ``linear · w + reach √(wᵀ gram w)`` is least: FISTA (Beck and Teboulle, SIAM
    Journal on Imaging Sciences 2, 2009) with steps halved until they descend."""
    w = z = start
    reach, settled = about
    momentum, step = 1.0, 1.0

    def value(point: Tensor) -> float:
        found: float = float(linear @ point) + reach * max(float(point @ gram @ point), 0.0) ** 0.5
        return found

    for _ in range(_STEPS):
        length = max(float(z @ gram @ z), 1e-18) ** 0.5
        slope = linear + (reach / length) * (gram @ z)
        here, after = value(z), on_simplex(z - step * slope)
        while value(after) > here + float(slope @ (after - z)) + float((after - z).square().sum()) / (2 * step) + 1e-15:
            step /= 2
            after = on_simplex(z - step * slope)
        moved = float((after - w).abs().max())
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        if float((z - after) @ (after - w)) > 0:
            following = 1.0
        z = after + ((momentum - 1) / following) * (after - w) if following > 1.0 else after
        w, momentum = after, following
        if moved < settled:
            break
    return w


def on_simplex(point: Tensor) -> Tensor:
    """The nearest point with shares that are at least 0 and sum to 1: Held, Wolfe and Crowder, Mathematical Programming
    6, 1974."""
    import torch

    ordered = point.sort(descending=True).values
    excess = (ordered.cumsum(0) - 1) / torch.arange(1, len(point) + 1, dtype=point.dtype, device=point.device)
    return (point - excess[int((ordered > excess).sum()) - 1]).clamp(min=0)
