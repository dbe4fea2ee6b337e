"""MMD^2 for samples too large for all pairs: between mean embeddings in random Fourier features."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from autotransfer.errors import InputError
from autotransfer.kernels.mmd.arguments import Bandwidths, as_bandwidths, check_samples

_CHUNK = 4096


def random_feature_mmd2(x: Tensor, y: Tensor, bandwidths: Bandwidths, *, features: int = 1024, seed: int = 0) -> Tensor:
    """FastMMD of Zhao and Meng, Neural Computation 27, 2015, arXiv:1405.2664; features of Rahimi and Recht, NIPS 2007.

    For each bandwidth, the squared distance between the samples' means of sqrt(1/D) [cos(w u), sin(w u)], whose inner
    products have the kernel as their expectation for w ~ N(0, 2/b); summed over the bandwidths. It estimates the biased
    MMD^2 without bias, with an error of O(1/sqrt(D)) of it: O((n + m) d D). Differentiable; features are computed again
    in the backward pass, so that no matrix of rows and features is in memory.

    :param x: (n, d). :param y: (m, d). :param bandwidths: as of ``mmd2``. :param features: D, frequencies a bandwidth.
    :param seed: of the frequencies, which are the same on every device.
    """
    check_samples("random_feature_mmd2", x, y, 1)
    if features < 1:
        raise InputError(f"random_feature_mmd2: features is {features}; it must be 1 or more")
    widths = as_bandwidths("random_feature_mmd2", bandwidths, x.device)
    generator = torch.Generator().manual_seed(seed)
    directions = torch.randn(x.shape[1], features, generator=generator, dtype=torch.float64).to(x)
    with torch.no_grad():
        center = torch.cat([x, y]).mean(0, dtype=torch.float64).to(x.dtype)
    total = torch.zeros((), dtype=torch.float64, device=x.device)
    for width in widths:
        frequencies = directions * torch.sqrt(2 / width).to(x.dtype)
        difference = _mean(x - center, frequencies) - _mean(y - center, frequencies)
        total = total + (difference**2).sum() / features
    return total.to(torch.float64 if x.dtype == torch.float64 else torch.float32)


def _mean(rows: Tensor, frequencies: Tensor) -> Tensor:
    """(2 D,) in ``float64``."""
    parts = [_sums(rows[start : start + _CHUNK], frequencies) for start in range(0, len(rows), _CHUNK)]
    return torch.stack(parts).sum(0) / len(rows)


def _sums(rows: Tensor, frequencies: Tensor) -> Tensor:
    if rows.requires_grad:
        found: Tensor = checkpoint(_features, rows, frequencies, use_reentrant=False)
        return found
    return _features(rows, frequencies)


def _features(rows: Tensor, frequencies: Tensor) -> Tensor:
    angles = rows @ frequencies
    return torch.cat([angles.cos(), angles.sin()], 1).sum(0, dtype=torch.float64)
