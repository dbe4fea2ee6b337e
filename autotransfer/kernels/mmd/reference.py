"""MMD^2 with Gaussian kernels in plain PyTorch (Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012).

What the compiled kernels compute, for every device and without a compiler. Rows are taken in chunks, so that no matrix
of all pairs is in memory; sums and everything that is subtracted are in float64.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import torch
from torch import Tensor

CHUNK = 128
"""Rows whose pairs with all others are in memory at a time."""


def values(
    x: Tensor, y: Tensor, bandwidths: Tensor, unbiased: bool, x_weights: Tensor | None, y_weights: Tensor | None
) -> Tensor:
    """MMD^2 for each bandwidth, (terms,): ``float64`` for samples of that type, else ``float32``. No autograd.

    :param x: (n, d). :param y: (m, d). :param bandwidths: (terms,); a kernel is exp(-||u - v||^2 / bandwidth).
    :param x_weights: (n, C) and ``y_weights`` (m, C), columns that sum to 1, or None: equal weights. The columns' MMD^2
        are added.
    """
    widths = bandwidths.tolist()
    total = torch.zeros(len(widths), dtype=torch.float64, device=x.device)
    samples = _samples(x, y, unbiased, x_weights, y_weights)
    for sample in samples:
        total += sample.self_pairs
        for start in range(0, len(sample.rows), CHUNK):
            part, rest = slice(start, start + CHUNK), slice(start, None)
            scale, weights = sample.pair_weights(sample, part, rest)
            for index, kernel in _kernels(_squared_distances(sample.rows[part], sample.rows[rest]), widths):
                weighted = _times(kernel, weights)
                square = weighted[:, : len(weighted)]
                # Ordered pairs: those with later rows count twice, those of a row with itself not at all.
                total[index] += scale * (2 * weighted.sum() - square.sum() - square.diagonal().sum()).double()
    first, second = samples
    for start in range(0, len(x), CHUNK):
        part = slice(start, start + CHUNK)
        scale, weights = first.pair_weights(second, part, slice(None))
        for index, kernel in _kernels(_squared_distances(first.rows[part], second.rows), widths):
            total[index] += 2 * scale * _times(kernel, weights).sum().double()
    return total.to(value_type(x))


def gradient(  # noqa: PLR0913, PLR0917 - the operator's arguments
    x: Tensor,
    y: Tensor,
    bandwidths: Tensor,
    coefficients: Tensor,
    unbiased: bool,
    x_weights: Tensor | None,
    y_weights: Tensor | None,
) -> tuple[Tensor, Tensor, Tensor]:
    """``coefficients @ values(...)`` with its gradients for x and y, by their closed form.

    With P the weights of pairs and k' = dk/ds, s = ||u - v||^2, that for row p is 4 sum_q P_pq k'_pq (z_p - z_q).
    """
    found = values(x, y, bandwidths, unbiased, x_weights, y_weights).double()
    slopes = (coefficients.double() / bandwidths.double()).tolist()
    samples = _samples(x, y, unbiased, x_weights, y_weights)
    grads = [torch.zeros_like(sample.rows) for sample in samples]
    for sample, grad in zip(samples, grads, strict=True):
        for other in samples:
            for start in range(0, len(sample.rows), CHUNK):
                part = slice(start, start + CHUNK)
                rows = sample.rows[part]
                mixed = rows.new_zeros(len(rows), len(other.rows))
                for index, kernel in _kernels(_squared_distances(rows, other.rows), bandwidths.tolist()):
                    mixed.add_(kernel, alpha=slopes[index])
                scale, weights = sample.pair_weights(other, part, slice(None))
                mixed = _times(mixed, weights)
                # A row's pair with itself has no slope: z_p - z_p = 0.
                grad[part] += 4 * scale * (mixed @ other.rows - mixed.sum(1, keepdim=True) * rows)
    total = (found * coefficients.double()).sum().to(value_type(x))
    return total, grads[0].to(x.dtype), grads[1].to(y.dtype)


def curvature(  # noqa: PLR0913, PLR0917 - the operator's arguments
    x: Tensor,
    y: Tensor,
    bandwidths: Tensor,
    coefficients: Tensor,
    unbiased: bool,
    x_weights: Tensor | None,
    y_weights: Tensor | None,
    along_x: Tensor,
    along_y: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Gradients, for x, y and coefficients, of the directional derivative of ``coefficients @ values(...)``.

    With v the direction and D_pq = (z_p - z_q)(v_p - v_q), the derivative is 2 sum_pq P_pq k'_pq D_pq; its gradient for
    row p is 4 sum_q P_pq (k' (v_p - v_q) + 2 k'' D_pq (z_p - z_q)).
    """
    samples = _samples(x, y, unbiased, x_weights, y_weights)
    directions = [along.to(sample.rows.dtype) for along, sample in zip((along_x, along_y), samples, strict=True)]
    rates, scales = (1 / bandwidths.double()).tolist(), coefficients.tolist()
    grads = [torch.zeros_like(sample.rows) for sample in samples]
    own = torch.zeros(len(rates), dtype=torch.float64, device=x.device)
    for (sample, v, grad), (other, u) in product(
        zip(samples, directions, grads, strict=True), list(zip(samples, directions, strict=True))
    ):
        for start in range(0, len(sample.rows), CHUNK):
            part = slice(start, start + CHUNK)
            rows, turn = sample.rows[part], v[part]
            scale, weights = sample.pair_weights(other, part, slice(None))
            inner = (rows * turn).sum(1)[:, None] + (other.rows * u).sum(1) - rows @ u.T - turn @ other.rows.T
            slopes, bends = torch.zeros_like(inner), torch.zeros_like(inner)
            for index, kernel in _kernels(_squared_distances(rows, other.rows), bandwidths.tolist()):
                weighted, rate = scale * _times(kernel, weights), rates[index]
                slopes.sub_(weighted, alpha=scales[index] * rate)
                bends.add_(weighted * inner, alpha=2 * scales[index] * rate**2)
                own[index] -= 2 * rate * (weighted * inner).sum()
            grad[part] += 4 * (slopes.sum(1, keepdim=True) * turn - slopes @ u)
            grad[part] += 4 * (bends.sum(1, keepdim=True) * rows - bends @ other.rows)
    return grads[0].to(x.dtype), grads[1].to(y.dtype), own.to(coefficients.dtype)


def splits(z: Tensor, members: Tensor, bandwidths: Tensor) -> Tensor:
    """Sums of all kernels over pairs of rows, for each split of a sample in two, (3, B), ``float64``.

    In rows: between two members, between a member and another, between two others. No point is a pair with itself;
    pairs within are ordered.

    :param z: (N, d). :param members: (N, B), 1 or 0 in ``uint8``.
    """
    rows = _centered(z.to(value_type(z)))
    joined = members.to(rows.dtype)
    within = torch.zeros(members.shape[1], dtype=torch.float64, device=z.device)
    touched, everything = torch.zeros_like(within), torch.zeros((), dtype=torch.float64, device=z.device)
    for start in range(0, len(rows), CHUNK):
        part = slice(start, start + CHUNK)
        kernel = rows.new_zeros(len(rows[part]), len(rows))
        for _, one in _kernels(_squared_distances(rows[part], rows), bandwidths.tolist()):
            kernel += one
        kernel[:, part].fill_diagonal_(0)
        multiplied = kernel @ joined
        within += (joined[part] * multiplied).sum(0, dtype=torch.float64)
        touched += multiplied.sum(0, dtype=torch.float64)
        everything += kernel.sum(dtype=torch.float64)
    return torch.stack([within, touched - within, everything - 2 * touched + within])


def value_type(x: Tensor) -> torch.dtype:
    """Of MMD^2: ``float32`` for half precision too, whose digits would not hold a difference of means."""
    return torch.float64 if x.dtype == torch.float64 else torch.float32


def _centered(z: Tensor) -> Tensor:
    """Distances stay, and inner products lose no digits to what rows have in common."""
    return z - z.mean(0, dtype=torch.float64).to(z.dtype)


@dataclass(frozen=True)
class _Sample:
    """Centred rows (n, d) and how much they count.

    :param share: of each row, where all count the same. :param weights: (n, C) where they do not.
    :param correction: (C,) what makes up for the pairs of a point with itself that are left out.
    :param self_pairs: what those add to each kernel's value.
    """

    rows: Tensor
    share: float
    weights: Tensor | None
    correction: Tensor
    self_pairs: Tensor

    def pair_weights(self, other: _Sample, part: slice, rest: slice) -> tuple[float, Tensor | None]:
        """What multiplies kernels of some rows with some rows of a sample: a number, and a matrix or None for ones."""
        within = other is self
        if self.weights is None or other.weights is None:
            return self.share * other.share * (float(self.correction) if within else -1.0), None
        left = self.weights[part] * (self.correction if within else 1.0)
        return 1.0 if within else -1.0, (left @ other.weights[rest].T).to(self.rows.dtype)


def _times(kernel: Tensor, weights: Tensor | None) -> Tensor:
    return kernel if weights is None else kernel * weights


def _samples(
    x: Tensor, y: Tensor, unbiased: bool, x_weights: Tensor | None, y_weights: Tensor | None
) -> tuple[_Sample, _Sample]:
    z = _centered(torch.cat([x, y]).to(value_type(x)))
    return _sample(z[: len(x)], x_weights, unbiased), _sample(z[len(x) :], y_weights, unbiased)


def _sample(rows: Tensor, given: Tensor | None, unbiased: bool) -> _Sample:
    n = len(rows)
    if given is None:
        weights, squares, squared_sum = None, rows.new_tensor(1 / n).double(), rows.new_tensor(1.0).double()
    else:
        weights = given.double()
        squares, squared_sum = (weights**2).sum(0), weights.sum(0) ** 2
    if not unbiased:
        return _Sample(rows, 1 / n, weights, torch.ones_like(squares), squares.sum())
    correction = torch.where(squared_sum == 0, 1.0, squared_sum / (squared_sum - squares))
    return _Sample(rows, 1 / n, weights, correction, torch.zeros_like(squares.sum()))


def _squared_distances(a: Tensor, b: Tensor) -> Tensor:
    squares = torch.addmm((b * b).sum(1), a, b.T, alpha=-2.0)
    return squares.add_((a * a).sum(1)[:, None]).clamp_min_(0)  # keeps NaN


def _kernels(squares: Tensor, widths: Sequence[float]) -> Iterator[tuple[int, Tensor]]:
    """Position and kernel for each bandwidth, the largest first; a kernel is overwritten by the next.

    Halving a bandwidth squares its kernel, which is cheaper than an exponential.
    """
    kernel, before = torch.empty_like(squares), None
    for index in sorted(range(len(widths)), key=lambda position: -widths[position]):
        if before == 2 * widths[index]:
            kernel.square_()
        elif before != widths[index]:
            torch.div(squares, -widths[index], out=kernel).exp_()
        before = widths[index]
        yield index, kernel
