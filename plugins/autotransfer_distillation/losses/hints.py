"""Intermediate values."""

from __future__ import annotations

from typing import final

from torch import Tensor, nn
from torch.nn import functional


@final
class Regressor(nn.Module):
    """What brings a student's maps to the number of planes that the teacher's have: a 1 × 1 convolution.

    The paper's regressor is a convolution whose kernel makes the sizes fit; here the larger of two maps is averaged to
    the size of the smaller one, as the authors of RepDistiller do for other losses.
    """

    def __init__(self, planes: int, teacher_planes: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(planes, teacher_planes, 1)

    def forward(self, maps: Tensor) -> Tensor:
        """(n, planes, h, w) to (n, teacher_planes, h, w)."""
        found: Tensor = self.convolution(maps)
        return found


def hint_loss(guided: Tensor, hint: Tensor) -> Tensor:
    """``1/2 ||hint - guided||^2`` as a mean over all entries: Romero, Ballas, Kahou, Chassang, Gatta and Bengio,
    FitNets: Hints for Thin Deep Nets, ICLR 2015 (arXiv:1412.6550), equation 3.

    :param guided: the student's regressed maps (n, planes, h, w). :param hint: the teacher's (n, planes, H, W).
    """
    guided, hint = same_size(guided, hint)
    return 0.5 * functional.mse_loss(guided, hint)


def same_size(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Both maps at the smaller of the two sizes, the other one averaged."""
    size = (min(a.shape[2], b.shape[2]), min(a.shape[3], b.shape[3]))
    first, second = (maps if maps.shape[2:] == size else functional.adaptive_avg_pool2d(maps, size) for maps in (a, b))
    return first, second
