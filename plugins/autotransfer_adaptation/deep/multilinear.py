"""Representation times prediction, and how much a sure row counts (Long et al., NeurIPS 2018, arXiv:1705.10667)."""

from __future__ import annotations

import math
from typing import final

import torch
from torch import Tensor, nn


@final
class MultilinearMap(nn.Module):
    """Representations (n, d) and scores (n, c) to all d * c products with the class probabilities; or, with ``width``,
    to ``(z R) * (p Q) / sqrt(width)`` with fixed matrices of normal numbers, whose inner products are those of the
    products on average. No gradient flows through the scores.
    """

    def __init__(self, columns: int, classes: int, width: int | None) -> None:
        super().__init__()
        self.width = width
        if width is not None:
            self.register_buffer("R", torch.randn(columns, width))
            self.register_buffer("Q", torch.randn(classes, width))

    def forward(self, z: Tensor, scores: Tensor) -> Tensor:
        """(n, d * c) or (n, width)."""
        p = scores.detach().softmax(dim=1)
        if self.width is None:
            return (z[:, :, None] * p[:, None, :]).flatten(1)
        mapped: Tensor = (z @ self.get_buffer("R")) * (p @ self.get_buffer("Q"))
        return mapped / math.sqrt(self.width)


def sureness(scores: Tensor) -> Tensor:
    """``1 + exp(-entropy)`` of the class probabilities of each row, scaled to mean 1; no gradient. Shape (n,)."""
    p = scores.detach().softmax(dim=1)
    weights = 1.0 + (p * (p + 1e-9).log()).sum(dim=1).exp()
    return weights / weights.mean()
