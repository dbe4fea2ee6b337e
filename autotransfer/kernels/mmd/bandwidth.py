"""A bandwidth that suits the samples."""

from __future__ import annotations

import torch
from torch import Tensor

from autotransfer.kernels.mmd.arguments import check_samples

MOST_ROWS = 1415
"""Have a million pairs."""


def median_bandwidth(x: Tensor, y: Tensor, *, rows: int = MOST_ROWS, seed: int = 0) -> Tensor:
    """The median heuristic of Gretton et al., JMLR 13, 2012, section 8: the median of the pooled squared distances.

    It is the middle one, or the mean of the two in the middle, over all pairs of different rows. Where half of the rows
    or more are copies of each other it is 0: the mean of the distances stands in, and 1 where that is 0 too. It is a
    constant: no gradient flows through it.

    :param x: (n, d). :param y: (m, d). :param rows: of more rows in all, so many are drawn without replacement.
    :param seed: of that draw, which is the same on every device.
    :return: () in ``float64``, positive unless rows are not finite, in units of squared distance.
    """
    check_samples("median_bandwidth", x, y, 1)
    with torch.no_grad():
        pooled = torch.cat([x, y])
        if len(pooled) > rows:
            chosen = torch.randperm(len(pooled), generator=torch.Generator().manual_seed(seed))[:rows]
            pooled = pooled[chosen.to(pooled.device)]
        squares = torch.nn.functional.pdist(pooled.double()) ** 2
        median = _median(squares)
        width = torch.where(median == 0, squares.mean(), median)
        return torch.where(width == 0, 1.0, width)


def _median(values: Tensor) -> Tensor:
    """The mean of the two in the middle. NaN among the values gives NaN."""
    n = len(values)
    lower = values.kthvalue((n + 1) // 2).values
    upper = values.kthvalue(n // 2 + 1).values
    return torch.where(values.isnan().any(), torch.nan, (lower + upper) / 2)
