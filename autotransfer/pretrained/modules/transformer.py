"""Transformer blocks, for patches of images and for tokens of texts."""

from __future__ import annotations

import math
from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

WAVELENGTH = 10_000.0
"""Of the slowest wave in positions, in steps of 2 pi."""


@final
class Attention(nn.Module):
    """Multi-head self-attention. Parts are named as in timm."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(n, length, width) to the same. ``mask``: bool (n, length), False where nothing must be looked at."""
        n, length, width = x.shape
        q, k, v = self.qkv(x).view(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        seen = None if mask is None else mask[:, None, None, :]
        mixed = scaled_dot_product_attention(q, k, v, attn_mask=seen)
        out: Tensor = self.proj(mixed.transpose(1, 2).reshape(n, length, width))
        return out


@final
class Mlp(nn.Module):
    """Two layers around a GELU, four times as wide inside."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(..., width) to the same."""
        out: Tensor = self.fc2(self.act(self.fc1(x)))
        return out


@final
class Layer(nn.Module):
    """Attention and a small network, each normalised before and added to what came in."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = Mlp(width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(n, length, width) to the same."""
        x = x + self.attn(self.norm1(x), mask)
        out: Tensor = x + self.mlp(self.norm2(x))
        return out


def waves(places: Tensor, width: int) -> Tensor:
    """Sines and cosines of ``width / 2`` frequencies each at places (n,): (n, width), as in Vaswani et al., "Attention
    is all you need", NIPS 2017 (arXiv:1706.03762)."""
    count = width // 2
    rates = torch.exp(-math.log(WAVELENGTH) * torch.arange(count, device=places.device) / count)
    angles = places.float().unsqueeze(1) * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def grid_positions(height: int, width: int, channels: int, device: torch.device) -> Tensor:
    """Positions of patches, row by row: (height * width, channels), half of them for the row, half for the column."""
    rows = waves(torch.arange(height, device=device), channels // 2).repeat_interleave(width, dim=0)
    columns = waves(torch.arange(width, device=device), channels // 2).repeat(height, 1)
    return torch.cat([rows, columns], dim=1)
