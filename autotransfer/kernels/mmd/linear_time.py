"""MMD^2 for samples too large for all pairs: from pairs of pairs, each row used once."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from autotransfer.kernels.mmd.arguments import Bandwidths, as_bandwidths, check_samples

_CHUNK = 1 << 16


@dataclass(frozen=True)
class LinearTimeTest:
    """What the linear-time statistic found.

    :param value: (), MMD^2 summed over the bandwidths, unbiased; differentiable.
    :param deviation: standard error of ``value``. :param p_value: one-sided, by the normal limit.
    """

    value: Tensor
    deviation: float
    p_value: float


def linear_time_mmd2(x: Tensor, y: Tensor, bandwidths: Bandwidths) -> LinearTimeTest:
    """The linear-time MMD^2 of Gretton et al., JMLR 13, 2012, section 6 (lemma 14, corollary 16): O((n + m) d).

    The mean of h_i = k(x, x') + k(y, y') - k(x, y') - k(x', y) over pairs of consecutive rows, which must be in random
    order. Rows beyond the shorter sample, and an odd last one, are not used. The h_i are independent, so their mean is
    normal in the limit, with a variance that they show themselves.

    :param x: (n, d), n >= 4. :param y: (m, d), m >= 4. :param bandwidths: as of ``mmd2``.
    """
    check_samples("linear_time_mmd2", x, y, 4)
    widths = as_bandwidths("linear_time_mmd2", bandwidths, x.device)
    pairs = min(len(x), len(y)) // 2
    total = torch.zeros((), dtype=torch.float64, device=x.device)
    squares = torch.zeros_like(total)
    for start in range(0, pairs, _CHUNK):
        h = _differences(x, y, slice(2 * start, 2 * min(start + _CHUNK, pairs)), widths)
        total = total + h.sum()
        squares = squares + (h.detach() ** 2).sum()
    value = total / pairs
    variance = float((squares / pairs - value.detach() ** 2).clamp_min(0)) * pairs / (pairs - 1)
    deviation = math.sqrt(variance / pairs)
    return LinearTimeTest(value, deviation, _upper_tail(float(value.detach()), deviation))


def _differences(x: Tensor, y: Tensor, rows: slice, widths: Tensor) -> Tensor:
    """(pairs,) in ``float64``."""
    x, y = x[rows].double(), y[rows].double()
    a, b, c, d = x[0::2], x[1::2], y[0::2], y[1::2]
    terms = [torch.exp(-(u - v).square().sum(1)[:, None] / widths).sum(1) for u, v in ((a, b), (c, d), (a, d), (b, c))]
    return terms[0] + terms[1] - terms[2] - terms[3]


def _upper_tail(value: float, deviation: float) -> float:
    if deviation == 0:
        return 1.0 if value <= 0 else 0.0
    return 0.5 * math.erfc(value / deviation / math.sqrt(2))
