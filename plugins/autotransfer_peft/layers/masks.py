"""Masks of attention for rows with more places in front."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import pad


def longer(mask: Tensor | None, count: int, *, queries: bool) -> Tensor | None:
    """A mask for ``count`` more places in front, which everything may look at. None stays None.

    :param mask: bool of shape (n, length) or (n, heads or 1, queries or 1, length), True where one may look; or float
        of the second shape, added to the scores.
    :param queries: whether the places in front look, too: as the first place does that there is.
    """
    if mask is None:
        return None
    wide = pad(mask, (count, 0), value=0.0 if mask.is_floating_point() else True)
    if not queries or wide.ndim < 4 or wide.shape[2] == 1:
        return wide
    return torch.cat([wide[:, :, :1].expand(-1, -1, count, -1), wide], dim=2)
