"""A layer of a transformer for the toy networks. Importing this module imports torch."""

from __future__ import annotations

from typing import final

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


@final
class ToyAttention(nn.Module):
    """Self-attention of one head. Parts are named as in timm."""

    num_heads = 1

    def __init__(self, width: int) -> None:
        super().__init__()
        self.qkv, self.proj = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor, attn_mask: Tensor | None = None) -> Tensor:
        """(n, length, width) to the same."""
        q, k, v = self.qkv(x).chunk(3, dim=2)
        mixed: Tensor = self.proj(scaled_dot_product_attention(q, k, v, attn_mask=attn_mask))
        return mixed


@final
class ToyMlp(nn.Module):
    """Two layers around a GELU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1, self.act, self.fc2 = nn.Linear(width, width), nn.GELU(), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """(..., width) to the same."""
        out: Tensor = self.fc2(self.act(self.fc1(x)))
        return out


@final
class ToyLayer(nn.Module):
    """Both, each added to what came in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attn, self.mlp = ToyAttention(width), ToyMlp(width)

    def forward(self, x: Tensor) -> Tensor:
        """(n, length, width) to the same."""
        x = x + self.attn(x)
        out: Tensor = x + self.mlp(x)
        return out


@final
class OneToken(nn.Module):
    """Features (n, width) as rows of one token through a layer, and back."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layer = ToyLayer(width)

    def shrink(self, factor: float) -> None:
        """Multiply what both parts of the layer add."""
        with torch.no_grad():
            for closing in (self.layer.attn.proj, self.layer.mlp.fc2):
                closing.weight.mul_(factor)
                closing.bias.mul_(factor)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width) to the same."""
        out: Tensor = self.layer(x[:, None])[:, 0]
        return out
