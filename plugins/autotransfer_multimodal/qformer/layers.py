"""A layer of the Q-Former. Importing this module imports torch."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from autotransfer.pretrained.modules.transformer import Attention, Mlp

HEADS = 4


@final
class CrossAttention(nn.Module):
    """Queries (n, q, width) look at the places of a grid (n, m, channels)."""

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        self.query, self.key_value = nn.Linear(width, width), nn.Linear(channels, 2 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor, grid: Tensor) -> Tensor:
        """(n, q, width)."""
        (n, q, width), m = x.shape, grid.shape[1]
        asked = self.query(x).view(n, q, HEADS, width // HEADS).transpose(1, 2)
        keys, values = self.key_value(grid).view(n, m, 2, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(asked, keys, values)
        out: Tensor = self.proj(mixed.transpose(1, 2).reshape(n, q, width))
        return out


@final
class QFormerLayer(nn.Module):
    """Self-attention over queries and tokens, cross-attention of the queries alone, and a small network for each kind,
    all normalised before and added to what came in. Self-attention is shared by both kinds."""

    def __init__(self, width: int, channels: int, *, texts: bool) -> None:
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width), Attention(width, HEADS)
        self.norm2, self.cross = nn.LayerNorm(width), CrossAttention(width, channels)
        self.norm3, self.mlp = nn.LayerNorm(width), Mlp(width)
        self.text_norm = nn.LayerNorm(width) if texts else None
        self.text_mlp = Mlp(width) if texts else None

    def forward(self, x: Tensor, grid: Tensor | None, mask: Tensor | None, queries: int) -> Tensor:
        """:param x: (n, queries + length, width), queries first. :param mask: bool (n, queries + length), False for
        padding. :param grid: what the queries look at; needed where there are some."""
        x = x + self.attn(self.norm1(x), mask)
        asked, said = x[:, :queries], x[:, queries:]
        if grid is not None:
            asked = asked + self.cross(self.norm2(asked), grid)
        asked = asked + self.mlp(self.norm3(asked))
        if self.text_mlp is not None and self.text_norm is not None:
            said = said + self.text_mlp(self.text_norm(said))
        return torch.cat([asked, said], dim=1)
