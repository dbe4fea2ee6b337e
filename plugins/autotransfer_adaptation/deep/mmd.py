"""The maximum mean discrepancy with several Gaussian kernels, as the losses of this family take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

BANDWIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Multiples of the mean squared distance of two rows: ``exp(-d^2 / b)``. They are the five kernels of the authors'
later code, whose variances are 2^-3 to 2^1 times that mean."""


def multi_kernel_mmd(x: Tensor, y: Tensor) -> Tensor:
    """Unbiased MMD^2 of (m, d) and (n, d) rows, summed over the kernels; 0 where a domain has fewer than two rows."""
    from autotransfer.kernels import mmd2

    if min(len(x), len(y)) < 2:
        return x.new_zeros(())
    scale = mean_squared_distance(x, y)
    return mmd2(x, y, [factor * scale for factor in BANDWIDTHS])


def joint_mmd(x: tuple[Tensor, Tensor], y: tuple[Tensor, Tensor], bandwidth: float) -> Tensor:
    """Unbiased joint MMD^2: the kernel is the product of the multi-kernel above on the first part of a row and of one
    Gaussian ``exp(-d^2 / bandwidth)`` on the second.

    A product of Gaussians is a Gaussian of both parts, each divided by the root of its bandwidth: so this, too, is
    computed by the discrepancy of single samples.
    """
    import torch

    from autotransfer.kernels import mmd2

    if min(len(x[0]), len(y[0])) < 2:
        return x[0].new_zeros(())
    scale = mean_squared_distance(x[0], y[0])
    total = x[0].new_zeros(())
    for factor in BANDWIDTHS:
        first, second = (factor * scale) ** -0.5, bandwidth**-0.5
        joined = [torch.cat([part[0] * first, part[1] * second], dim=1) for part in (x, y)]
        total = total + mmd2(joined[0], joined[1], [1.0])
    return total


def mean_squared_distance(x: Tensor, y: Tensor) -> float:
    """Over all pairs of all rows, a row with itself included; positive. Held fixed: no gradient flows through it."""
    import torch

    rows = torch.cat([x, y]).detach()
    return max(2.0 * float((rows - rows.mean(dim=0)).square().sum(dim=1).mean()), 1e-12)
