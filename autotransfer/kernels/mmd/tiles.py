"""MMD^2 on GPUs: tiles of kernels by code of its own, products of matrices by PyTorch.

The two operators here are what the CUDA library has kernels for, in ``float32``; weights and ``float64`` are the
reference's. They write into tensors that are given, and have a reference too, by which the composition is tested. The
bandwidths' values are never looked at on the host, which would wait for the device.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from autotransfer.kernels.library import LIBRARY, qualified
from autotransfer.kernels.mmd import reference

TILE = 128
_CHUNK_NUMBERS = 1 << 26
"""Kernels of pairs in memory at a time, for the products of matrices."""

_OPS = torch.ops.autotransfer
_registered: set[str] = set()


def tile_sums(z: Tensor, norms: Tensor, rates: Tensor, steps: Tensor, n: int, partial: Tensor) -> None:
    """partial (tiles, terms) = sums of each kernel over ordered pairs of x, then of y, then over pairs of x with y."""
    x, y = z[:n], z[n:]
    starts = [0, *_tiles(n, len(y))[:2]]
    partial.zero_()
    for (a, b), row in zip(((x, x), (y, y), (x, y)), (starts[0], starts[1], starts[1] + starts[2]), strict=True):
        squares = torch.cdist(a.double(), b.double()) ** 2
        kernels = torch.exp2(-squares[..., None] * rates)
        if a is b:
            kernels = kernels * ~torch.eye(len(a), dtype=torch.bool, device=z.device)[..., None]
        partial[row] = kernels.sum((0, 1))


def tile_mixed(  # noqa: PLR0913, PLR0917 - the operator's schema
    z: Tensor, norms: Tensor, rates: Tensor, steps: Tensor, coefficients: Tensor, first: int, out: Tensor
) -> None:
    """out (count, rows) = the kernels' weighted sum for rows ``first`` and following; 0 for a row with itself."""
    rows = torch.arange(first, first + len(out), device=z.device)
    squares = torch.cdist(z[rows].double(), z.double()) ** 2
    total = (torch.exp2(-squares[..., None] * rates) * coefficients).sum(-1)
    out.copy_(total.masked_fill(rows[:, None] == torch.arange(len(z), device=z.device), 0))


def _tiles(n: int, m: int) -> tuple[int, int, int]:
    """Of pairs of x, of y, of x with y."""
    a, b = (math.ceil(rows / TILE) for rows in (n, m))
    return a * (a + 1) // 2, b * (b + 1) // 2, a * b


class _Scene:
    """Centred rows with their norms, and bandwidths from the largest down, as the tiles want them."""

    def __init__(self, z: Tensor, bandwidths: Tensor) -> None:
        z = z.float()
        self.z = (z - z.mean(0, dtype=torch.float64).float()).contiguous()
        self.norms = (self.z.double() ** 2).sum(1).float()
        widths, self.order = bandwidths.double().sort(descending=True)
        exact = math.log2(math.e) / widths
        octaves = torch.log2(exact[1:] / exact[:-1])
        whole = octaves.round()
        steps = torch.where(((octaves - whole).abs() < 1e-9) & (whole <= 8), whole, -1.0)
        self.rates = exact.float()
        self.steps = torch.cat([steps.new_zeros(1), steps]).int()

    def mixed(self, coefficients: Tensor, first: int, count: int) -> Tensor:
        """(count, rows), for coefficients in the order of the bandwidths as they were given."""
        out = self.z.new_empty(count, len(self.z))
        ordered = coefficients[self.order].float().contiguous()
        _OPS.mmd_tile_mixed(self.z, self.norms, self.rates, self.steps, ordered, first, out)
        return out


def values(
    x: Tensor, y: Tensor, bandwidths: Tensor, unbiased: bool, x_weights: Tensor | None, y_weights: Tensor | None
) -> Tensor:
    """As ``reference.values``."""
    if x_weights is not None or x.dtype == torch.float64:
        return reference.values(x, y, bandwidths, unbiased, x_weights, y_weights)
    scene, n, m = _Scene(torch.cat([x, y]), bandwidths), len(x), len(y)
    counts = _tiles(n, m)
    partial = scene.z.new_empty(sum(counts), len(bandwidths), dtype=torch.float64)
    _OPS.mmd_tile_sums(scene.z, scene.norms, scene.rates, scene.steps, n, partial)
    xx, yy, xy = (part.sum(0) for part in torch.split(partial, list(counts)))
    lost = (0, 0) if unbiased else (n, m)  # pairs of a row with itself, where k = 1
    found = (xx + lost[0]) / _pairs(n, unbiased) + (yy + lost[1]) / _pairs(m, unbiased) - 2 * xy / (n * m)
    return torch.empty_like(found).scatter_(0, scene.order, found).to(reference.value_type(x))


def _pairs(n: int, unbiased: bool) -> int:
    return n * (n - 1) if unbiased else n * n


def gradient(  # noqa: PLR0913, PLR0917 - the operator's schema
    x: Tensor,
    y: Tensor,
    bandwidths: Tensor,
    coefficients: Tensor,
    unbiased: bool,
    x_weights: Tensor | None,
    y_weights: Tensor | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """As ``reference.gradient``: kernels of some rows with all, multiplied by all rows."""
    if x_weights is not None or x.dtype == torch.float64:
        return reference.gradient(x, y, bandwidths, coefficients, unbiased, x_weights, y_weights)
    scene, n, m = _Scene(torch.cat([x, y]), bandwidths), len(x), len(y)
    slopes = coefficients.double() / bandwidths.double()
    of_x = torch.arange(n + m, device=x.device) < n
    grads = []
    for start, end, within in ((0, n, _pairs(n, unbiased)), (n, n + m, _pairs(m, unbiased))):
        factors = torch.where(of_x == (start == 0), 1 / within, -1 / (n * m)).float()
        weighted = factors[:, None] * scene.z
        grad = scene.z.new_empty(end - start, x.shape[1])
        for first, count in _chunks(start, end, n + m):
            mixed = scene.mixed(slopes, first, count)
            own = scene.z[first : first + count]
            grad[first - start : first - start + count] = 4 * (mixed @ weighted - (mixed @ factors)[:, None] * own)
        grads.append(grad)
    found = values(x, y, bandwidths, unbiased, None, None).double()
    total = (found * coefficients.double()).sum().to(reference.value_type(x))
    return total, grads[0].to(x.dtype), grads[1].to(y.dtype)


def splits(z: Tensor, members: Tensor, bandwidths: Tensor) -> Tensor:
    """As ``reference.splits``."""
    if z.dtype == torch.float64:
        return reference.splits(z, members, bandwidths)
    scene, joined = _Scene(z, bandwidths), members.float()
    within = torch.zeros(members.shape[1], dtype=torch.float64, device=z.device)
    touched, everything = torch.zeros_like(within), torch.zeros((), dtype=torch.float64, device=z.device)
    for first, count in _chunks(0, len(z), len(z)):
        kernel = scene.mixed(torch.ones_like(bandwidths), first, count)
        multiplied = kernel @ joined
        within += (joined[first : first + count] * multiplied).sum(0, dtype=torch.float64)
        touched += multiplied.sum(0, dtype=torch.float64)
        everything += kernel.sum(dtype=torch.float64)
    return torch.stack([within, touched - within, everything - 2 * touched + within])


def _chunks(start: int, end: int, columns: int) -> list[tuple[int, int]]:
    """First rows and numbers of rows, so that a chunk's kernels fit."""
    size = max(TILE, _CHUNK_NUMBERS // columns // TILE * TILE)
    return [(first, min(size, end - first)) for first in range(start, end, size)]


def compose_on(device: str) -> bool:
    """Let MMD use these tiles on a device whose library has kernels for them; whether it does."""
    key = device.upper()
    if device == "cpu" or not torch._C._dispatch_has_kernel_for_dispatch_key(qualified("mmd_tile_sums"), key):
        return False
    if device not in _registered:
        _registered.add(device)
        composed: dict[str, Any] = {"mmd2": values, "mmd2_gradient": gradient, "mmd_permutations": splits}
        for name, function in composed.items():
            LIBRARY.impl(name, function, key)  # type: ignore[no-untyped-call]
    return True


for _name, _part in (("mmd_tile_sums", tile_sums), ("mmd_tile_mixed", tile_mixed)):
    LIBRARY.impl(_name, _part, "CompositeExplicitAutograd")  # type: ignore[no-untyped-call]
    torch.library.register_fake(qualified(_name), lambda *_: None, lib=LIBRARY)
