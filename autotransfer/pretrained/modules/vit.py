"""A small vision transformer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING, final

from torch import Tensor, nn

from autotransfer.pretrained.modules.backbone import Backbone, Pixels
from autotransfer.pretrained.modules.transformer import Layer, grid_positions

if TYPE_CHECKING:
    from autotransfer.pretrained.specs import VitSpec


@final
class Vit(Backbone):
    """Takes images whose edges are multiples of the patch; features are means over patches."""

    def __init__(self, spec: VitSpec) -> None:
        super().__init__()
        self.pixels = Pixels()
        self.patch_embed = _stem(spec) if spec.stem else nn.Conv2d(3, spec.width, spec.patch, spec.patch)
        self.layers = nn.ModuleList(Layer(spec.width, spec.heads) for _ in range(spec.depth))
        self.norm = nn.LayerNorm(spec.width)

    def stages(self) -> Iterable[nn.Module]:
        """The patches' embedding, layer by layer, and the last norm."""
        return (self.patch_embed, *self.layers, self.norm)

    def patches(self, images: Tensor) -> Tensor:
        """Patches with their positions, row by row: (n, patches, width)."""
        maps = self.patch_embed(self.pixels(images))
        _, width, high, wide = maps.shape
        tokens: Tensor = maps.flatten(2).transpose(1, 2) + grid_positions(high, wide, width, maps.device)
        return tokens

    def encode(self, tokens: Tensor) -> Tensor:
        """Any of the patches (n, m, width) through all layers."""
        for layer in self.layers:
            tokens = layer(tokens)
        encoded: Tensor = self.norm(tokens)
        return encoded

    def forward(self, images: Tensor) -> Tensor:
        """Features (n, width)."""
        return self.encode(self.patches(images)).mean(dim=1)


def _stem(spec: VitSpec) -> nn.Module:
    """Images (n, 3, h, w) to tokens (n, width, h / patch, w / patch)."""
    parts: list[nn.Module] = []
    for before, after in pairwise((3, *spec.stem)):
        parts += [nn.Conv2d(before, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
    return nn.Sequential(*parts, nn.Conv2d(spec.stem[-1], spec.width, 1))
