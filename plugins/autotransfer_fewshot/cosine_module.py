"""Cosines with a weight vector for each class, as a module."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn
from torch.nn import functional


@final
class Cosines(nn.Module):
    """Rows (n, width) to ``scale`` times their cosines with the weights, (n, classes)."""

    def __init__(self, width: int, classes: int, scale: float) -> None:
        super().__init__()
        self.scale = scale
        self.weight = nn.Parameter(torch.randn(classes, width) / width**0.5)

    def forward(self, z: Tensor) -> Tensor:
        """For rows of any length."""
        return self.scale * functional.linear(functional.normalize(z, dim=1), functional.normalize(self.weight, dim=1))
