"""MMD^2 as it is defined: sums over pairs, written out in float64."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import torch
from torch import Tensor


def weighted_sum(A, B, a, b, bandwidth: float, *, leave_out: bool) -> float:
    """sum_ij a_i b_j exp(-||A_i - B_j||^2 / bandwidth), with or without i = j."""
    total = 0.0
    for i, j in product(range(len(A)), range(len(B))):
        if not (leave_out and i == j):
            total += a[i] * b[j] * np.exp(-np.sum((A[i] - B[j]) ** 2) / bandwidth)
    return total


def mmd2_by_definition(x: Tensor, y: Tensor, bandwidths, unbiased: bool, x_weights=None, y_weights=None):
    """One value for each bandwidth. Weights (n, C) and (m, C) are normalised; MMD^2 is added up over the columns."""
    X, Y = (sample.detach().cpu().double().numpy() for sample in (x, y))
    A = np.ones((len(X), 1)) if x_weights is None else np.asarray(x_weights, dtype=np.float64)
    B = np.ones((len(Y), 1)) if y_weights is None else np.asarray(y_weights, dtype=np.float64)
    A, B = A / A.sum(0), B / B.sum(0)
    values = np.zeros(len(bandwidths))
    for (k, bandwidth), c in product(enumerate(bandwidths), range(A.shape[1])):
        a, b = A[:, c], B[:, c]
        share_x, share_y = (1 - (a**2).sum(), 1 - (b**2).sum()) if unbiased else (1, 1)
        values[k] += weighted_sum(X, X, a, a, bandwidth, leave_out=unbiased) / share_x
        values[k] += weighted_sum(Y, Y, b, b, bandwidth, leave_out=unbiased) / share_y
        values[k] -= 2 * weighted_sum(X, Y, a, b, bandwidth, leave_out=False)
    return values


@pytest.fixture(scope="session")
def definition() -> Callable[..., np.ndarray]:
    return mmd2_by_definition


@pytest.fixture
def samples(device: str) -> Callable[..., tuple[Tensor, Tensor]]:
    """x and y, normal, y shifted by ``shift``."""

    def draw(n: int, m: int, d: int, dtype=torch.float64, shift: float = 0.5) -> tuple[Tensor, Tensor]:
        generator = torch.Generator().manual_seed(n + 31 * m + 1009 * d)
        x, y = (torch.randn(size, d, generator=generator, dtype=torch.float64) for size in (n, m))
        return x.to(device, dtype), (y + shift).to(device, dtype)

    return draw
