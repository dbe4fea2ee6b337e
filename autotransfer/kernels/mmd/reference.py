"""MMD^2 with Gaussian kernels in plain PyTorch (Gretton et al., A Kernel Two-Sample Test, JMLR 13, 2012).

What the compiled kernels compute, for every device and without a compiler. Rows are taken in chunks, so that no matrix
of all pairs is in memory; sums and everything that is subtracted are in float64.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

CHUNK = 256
"""Rows whose pairs with all others are in memory at a time."""


def values(
    x: Tensor, y: Tensor, bandwidths: Tensor, unbiased: bool, x_weights: Tensor | None, y_weights: Tensor | None
) -> Tensor:
    """MMD^2 for each bandwidth, (terms,): ``float64`` for samples of that type, else ``float32``. Differentiable.

    :param x: (n, d). :param y: (m, d). :param bandwidths: (terms,); a kernel is exp(-||u - v||^2 / bandwidth).
    :param x_weights: (n, C) and ``y_weights`` (m, C), columns that sum to 1, or None: equal weights. The columns' MMD^2
        are added.
    """
    z, left, right = _pooled(x, y, unbiased, x_weights, y_weights)
    total = _self_pairs(right, bandwidths, unbiased)
    for start in range(0, len(z), CHUNK):
        end = min(start + CHUNK, len(z))
        # Pairs with later chunks stand for both of their orders.
        twice = torch.ones(len(z) - start, dtype=z.dtype, device=z.device)
        twice[end - start :] = 2
        weights = _pair_weights(left, right, slice(start, end), len(x))[:, start:] * twice
        weights = weights * _others(start, end, start, len(z), z)
        squares = _squared_distances(z[start:end], z[start:])
        parts = [(weights * kernel).sum(dtype=torch.float64) for kernel in _kernels(squares, bandwidths)]
        total = total + torch.stack(parts)
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
    z, left, right = _pooled(x, y, unbiased, x_weights, y_weights)
    slopes = (coefficients.double() / bandwidths.double()).to(z.dtype)
    rows = torch.empty_like(z)
    for start in range(0, len(z), CHUNK):
        part = slice(start, min(start + CHUNK, len(z)))
        weights = _pair_weights(left, right, part, len(x)) * _others(part.start, part.stop, 0, len(z), z)
        kernels = _kernels(_squared_distances(z[part], z), bandwidths)
        mixed = weights * torch.stack([slope * kernel for slope, kernel in zip(slopes, kernels, strict=True)]).sum(0)
        rows[part] = 4 * (mixed @ z - mixed.sum(1, keepdim=True) * z[part])
    total = (found * coefficients.double()).sum().to(value_type(x))
    return total, rows[: len(x)].to(x.dtype).contiguous(), rows[len(x) :].to(y.dtype).clone()


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
    z, left, right = _pooled(x, y, unbiased, x_weights, y_weights)
    v = torch.cat([along_x, along_y]).to(z.dtype)
    rates = (1 / bandwidths.double()).to(z.dtype)
    scales = coefficients.to(z.dtype)
    rows, own = torch.empty_like(z), torch.zeros_like(coefficients, dtype=torch.float64)
    for start in range(0, len(z), CHUNK):
        part = slice(start, min(start + CHUNK, len(z)))
        weights = _pair_weights(left, right, part, len(x)) * _others(part.start, part.stop, 0, len(z), z)
        kernels = torch.stack(list(_kernels(_squared_distances(z[part], z), bandwidths))) * weights
        inner = (z[part] * v[part]).sum(1)[:, None] + (z * v).sum(1) - z[part] @ v.T - v[part] @ z.T
        slopes = -torch.einsum("b,bpq->pq", scales * rates, kernels)
        bends = 2 * inner * torch.einsum("b,bpq->pq", scales * rates**2, kernels)
        for weight, row in ((slopes, v), (bends, z)):
            change = 4 * (weight.sum(1, keepdim=True) * row[part] - weight @ row)
            rows[part] = change if row is v else rows[part] + change
        own -= 2 * rates.double() * (kernels * inner).sum((1, 2), dtype=torch.float64)
    return (
        rows[: len(x)].to(x.dtype).contiguous(),
        rows[len(x) :].to(y.dtype).clone(),
        own.to(coefficients.dtype),
    )


def splits(z: Tensor, members: Tensor, bandwidths: Tensor) -> Tensor:
    """Sums of all kernels over pairs of rows, for each split of a sample in two, (3, B), ``float64``.

    In rows: between two members, between a member and another, between two others. No point is a pair with itself;
    pairs within are ordered.

    :param z: (N, d). :param members: (N, B), 1 or 0 in ``uint8``.
    """
    z = z.to(_compute_type(z))
    z = _centered(z)
    joined = members.to(z.dtype)
    within = torch.zeros(members.shape[1], dtype=torch.float64, device=z.device)
    touched, everything = torch.zeros_like(within), torch.zeros((), dtype=torch.float64, device=z.device)
    for start in range(0, len(z), CHUNK):
        end = min(start + CHUNK, len(z))
        kernel = torch.stack(list(_kernels(_squared_distances(z[start:end], z), bandwidths))).sum(0)
        kernel = kernel * _others(start, end, 0, len(z), z)
        product = kernel @ joined
        within += (joined[start:end] * product).sum(0, dtype=torch.float64)
        touched += product.sum(0, dtype=torch.float64)
        everything += kernel.sum(dtype=torch.float64)
    return torch.stack([within, touched - within, everything - 2 * touched + within])


def value_type(x: Tensor) -> torch.dtype:
    """Of MMD^2: ``float32`` for half precision too, whose digits would not hold a difference of means."""
    return torch.float64 if x.dtype == torch.float64 else torch.float32


_compute_type = value_type


def _centered(z: Tensor) -> Tensor:
    """Distances stay, and inner products lose no digits to what rows have in common. Not differentiated: it cancels."""
    return z - z.detach().mean(0, dtype=torch.float64).to(z.dtype)


def _pooled(
    x: Tensor, y: Tensor, unbiased: bool, x_weights: Tensor | None, y_weights: Tensor | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Centred rows (n + m, d); weights scaled for pairs within a sample (n + m, C); plain weights (n + m, C)."""
    z = _centered(torch.cat([x, y]).to(_compute_type(x)))
    plain = [_weights(x, x_weights), _weights(y, y_weights)]
    scaled = [part * _correction(part) if unbiased else part for part in plain]
    return z, torch.cat(scaled).to(z.dtype), torch.cat(plain).to(z.dtype)


def _weights(sample: Tensor, given: Tensor | None) -> Tensor:
    if given is None:
        return torch.full((len(sample), 1), 1 / len(sample), dtype=torch.float64, device=sample.device)
    return given.detach().double()


def _correction(weights: Tensor) -> Tensor:
    """(C,): what makes up for the pairs of a point with itself that are left out."""
    squared_sum = weights.sum(0) ** 2
    return torch.where(squared_sum == 0, 1.0, squared_sum / (squared_sum - (weights**2).sum(0)))


def _self_pairs(plain: Tensor, bandwidths: Tensor, unbiased: bool) -> Tensor:
    """(terms,): what pairs of a point with itself add, k(u, u) being 1."""
    total = torch.zeros(len(bandwidths), dtype=torch.float64, device=plain.device)
    return total if unbiased else total + (plain.double() ** 2).sum()


def _pair_weights(scaled: Tensor, plain: Tensor, part: slice, n: int) -> Tensor:
    """(rows, n + m): the weight of each pair, negative across the samples."""
    own = scaled[part] @ plain.T
    across = -(plain[part] @ plain.T)
    first = torch.arange(len(plain), device=plain.device) < n
    return torch.where(first[part, None] == first, own, across)


def _others(start: int, end: int, first: int, last: int, like: Tensor) -> Tensor:
    """(end - start, last - first): 0 where a row meets itself, else 1."""
    rows = torch.arange(start, end, device=like.device)[:, None]
    columns = torch.arange(first, last, device=like.device)
    return (rows != columns).to(like.dtype)


def _squared_distances(a: Tensor, b: Tensor) -> Tensor:
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2.0 * (a @ b.T)
    return squares.clamp_min(0)  # keeps NaN


def _kernels(squares: Tensor, bandwidths: Tensor) -> Iterator[Tensor]:
    """In the order of the bandwidths. Halving a bandwidth squares its kernel, which is cheaper than an exponential."""
    found: dict[float, Tensor] = {}
    for width in sorted(set(bandwidths.tolist()), reverse=True):
        wider = found.get(2 * width)
        found[width] = torch.exp(squares / -width) if wider is None else wider * wider
    for width in bandwidths.tolist():
        yield found[width]
