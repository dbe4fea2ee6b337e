"""A small transformer for texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, final

import torch
from torch import Tensor, nn

from autotransfer.pretrained.modules.backbone import Backbone
from autotransfer.pretrained.modules.transformer import Layer, waves
from autotransfer.pretrained.wordpieces import PAD

if TYPE_CHECKING:
    from autotransfer.pretrained.specs import TextSpec


@final
class TextTransformer(Backbone):
    """Takes token numbers (n, length); features are means over tokens that are no padding."""

    def __init__(self, spec: TextSpec) -> None:
        super().__init__()
        self.tokens = nn.Embedding(len(spec.pieces) + spec.specials, spec.width)
        self.layers = nn.ModuleList(Layer(spec.width, spec.heads) for _ in range(spec.depth))
        self.norm = nn.LayerNorm(spec.width)
        if not self.tokens.weight.is_meta:
            nn.init.normal_(self.tokens.weight, std=0.02)

    def stages(self) -> Iterable[nn.Module]:
        """The embedding, layer by layer, and the last norm."""
        return (self.tokens, *self.layers, self.norm)

    def encode(self, tokens: Tensor) -> Tensor:
        """A vector a token, (n, length, width)."""
        mask = tokens != PAD
        # waves as large as the vectors of tokens at first: else positions would drown them
        places = torch.arange(tokens.shape[1], device=tokens.device)
        x = self.tokens(tokens) + 0.02 * waves(places, self.tokens.embedding_dim)
        for layer in self.layers:
            x = layer(x, mask)
        encoded: Tensor = self.norm(x)
        return encoded

    def forward(self, tokens: Tensor) -> Tensor:
        """Features (n, width)."""
        weights = (tokens != PAD).unsqueeze(2).float()
        return (self.encode(tokens) * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
