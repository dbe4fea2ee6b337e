"""MMD^2 as it is usually written: in PyTorch with matrices of all pairs, and with KeOps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]


def _squared_distances(a: Tensor, b: Tensor) -> Tensor:
    return ((a * a).sum(1)[:, None] + (b * b).sum(1) - 2.0 * (a @ b.T)).clamp_min(0)


def with_exponentials(bandwidths: Sequence[float]) -> Loss:
    """An exponential for each bandwidth."""

    def kernel_mean(a: Tensor, b: Tensor) -> Tensor:
        squares = _squared_distances(a, b)
        total = torch.exp(squares / -bandwidths[0])
        for width in bandwidths[1:]:
            total = total + torch.exp(squares / -width)
        return total.mean()

    return lambda x, y: kernel_mean(x, x) + kernel_mean(y, y) - 2 * kernel_mean(x, y)


def with_squarings(bandwidths: Sequence[float]) -> Loss:
    """One exponential, of the largest of bandwidths that double, and its squares."""
    widest, terms = max(bandwidths), len(bandwidths)

    def kernel_mean(a: Tensor, b: Tensor) -> Tensor:
        kernel = torch.exp(_squared_distances(a, b) / -widest)
        total = kernel
        for _ in range(terms - 1):
            kernel = kernel * kernel
            total = total + kernel
        return total.mean()

    return lambda x, y: kernel_mean(x, x) + kernel_mean(y, y) - 2 * kernel_mean(x, y)


def with_keops(bandwidths: Sequence[float]) -> Loss | None:
    """Symbolic matrices, reduced without being stored; None where KeOps is not installed."""
    try:
        from pykeops.torch import LazyTensor
    except ImportError:
        return None

    def kernel_mean(a: Tensor, b: Tensor) -> Tensor:
        squares = ((LazyTensor(a[:, None, :].contiguous()) - LazyTensor(b[None, :, :].contiguous())) ** 2).sum(-1)
        total: Any = (squares / -bandwidths[0]).exp()
        for width in bandwidths[1:]:
            total = total + (squares / -width).exp()
        mean: Tensor = total.sum(dim=1).sum() / (len(a) * len(b))
        return mean

    return lambda x, y: kernel_mean(x, x) + kernel_mean(y, y) - 2 * kernel_mean(x, y)


def exact(x: Tensor, y: Tensor, bandwidths: Sequence[float]) -> float:
    """The biased MMD^2 in float64, from differences of coordinates, row block by row block."""
    x, y = x.double().cpu(), y.double().cpu()

    def kernel_mean(a: Tensor, b: Tensor) -> float:
        total = 0.0
        for rows in torch.split(a, 256):
            squares = torch.cdist(rows, b, compute_mode="donot_use_mm_for_euclid_dist") ** 2
            total += sum(float(torch.exp(squares / -width).sum()) for width in bandwidths)
        return total / (len(a) * len(b))

    return kernel_mean(x, x) + kernel_mean(y, y) - 2 * kernel_mean(x, y)
