"""Where a network looks."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from autotransfer_distillation.losses.hints import same_size


def attention_map(maps: Tensor) -> Tensor:
    """The mean of squares over the planes, each row scaled to length 1: (n, planes, h, w) to (n, h * w)."""
    return functional.normalize(maps.square().mean(dim=1).flatten(1), dim=1)


def attention_loss(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean squared difference of the attention maps: Zagoruyko and Komodakis, Paying More Attention to Attention, ICLR
    2017 (arXiv:1612.03928), equation 2 with p = 2, over entries as in the authors' code.

    :param student: maps (n, planes, h, w). :param teacher: maps (n, planes, H, W).
    """
    student, teacher = same_size(student, teacher)
    return functional.mse_loss(attention_map(student), attention_map(teacher))
