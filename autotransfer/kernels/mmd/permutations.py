"""Whether two samples come from one distribution: the permutation test with MMD^2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from autotransfer.errors import InputError
from autotransfer.kernels.backend import prepare
from autotransfer.kernels.mmd.arguments import Bandwidths, as_bandwidths, check_samples

_TIE = {torch.float64: 1e-12, torch.float32: 1e-6}
"""What counts as equal, in parts of the kernels' largest value: rounding must not break a tie."""


@dataclass(frozen=True)
class PermutationTest:
    """What a permutation test found.

    :param value: MMD^2, summed over the bandwidths. :param p_value: in [1/(1 + B), 1].
    :param null: (B,) MMD^2 of the random splits, in ``float64``.
    """

    value: float
    p_value: float
    null: Tensor


def permutation_test(
    x: Tensor, y: Tensor, bandwidths: Bandwidths, *, permutations: int = 500, seed: int = 0, unbiased: bool = True
) -> PermutationTest:
    """The permutation test of Gretton et al., JMLR 13, 2012, section 8; p-value of Phipson and Smyth, SAGMB 9, 2010.

    The pooled rows are split anew at random B times into samples of the given sizes; p = (1 + number of splits with an
    MMD^2 at least as large as the real one's) / (1 + B). Under the null hypothesis, that rows are exchangeable,
    P(p <= a) <= a. The kernel matrix is computed once, tile by tile, and each tile is multiplied by all splits while it
    is there, so that neither it nor its permuted copies are in memory: O((n + m)^2 (d + B)).

    :param x: (n, d). :param y: (m, d). :param bandwidths: as of ``mmd2``. :param permutations: B.
    :param seed: of the splits, which are the same on every device.
    """
    least = 2 if unbiased else 1
    check_samples("permutation_test", x, y, least)
    if permutations < 1:
        raise InputError(f"permutation_test: permutations is {permutations}; it must be 1 or more")
    widths = as_bandwidths("permutation_test", bandwidths, x.device)
    n, m = len(x), len(y)
    members = torch.from_numpy(_splits(n, m, permutations, seed)).to(x.device)
    prepare(x.device.type)
    with torch.no_grad():
        sums = torch.ops.autotransfer.mmd_permutations(torch.cat([x, y]), members, widths)
    values = _statistics(sums, n, m, len(widths), unbiased)
    value, null = values[0], values[1:]
    tie = _TIE.get(x.dtype, _TIE[torch.float32]) * len(widths)
    extreme = int((null >= value - tie).sum())
    p = (1 + extreme) / (1 + permutations) if bool(torch.isfinite(value)) else float("nan")
    return PermutationTest(float(value), p, null)


def _splits(n: int, m: int, count: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    """(n + m, 1 + count): 1 for members of the first sample; the real one in front."""
    members = np.zeros((n + m, 1 + count), dtype=np.uint8)
    members[:n] = 1
    members[:, 1:] = np.random.default_rng(seed).permuted(members[:, 1:], axis=0)
    return members


def _statistics(sums: Tensor, n: int, m: int, terms: int, unbiased: bool) -> Tensor:
    """MMD^2 of each split from its sums over pairs of different rows."""
    within, across, without = sums
    if unbiased:
        found: Tensor = within / (n * (n - 1)) + without / (m * (m - 1)) - 2 * across / (n * m)
    else:  # k(u, u) = 1 for each kernel
        found = (within + n * terms) / n**2 + (without + m * terms) / m**2 - 2 * across / (n * m)
    return found
