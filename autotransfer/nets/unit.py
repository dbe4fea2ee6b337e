"""Rows of length 1."""

from __future__ import annotations

from typing import final

from torch import Tensor, nn
from torch.nn.functional import normalize


@final
class Unit(nn.Module):
    """Each row (n, d) divided by its length; a row of zeros stays."""

    def forward(self, rows: Tensor) -> Tensor:
        """(n, d)."""
        return normalize(rows, dim=1)
