"""Masked patches and their reconstruction."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import torch
from torch import Tensor, nn

from autotransfer.nets.augment import crops
from autotransfer.pretrained.modules.transformer import Layer, grid_positions

if TYPE_CHECKING:
    from autotransfer.pretrained.modules.vit import Vit
    from autotransfer.pretrained.specs import VitSpec
    from autotransfer.pretraining.mae import MaskedImages

_EPS = 1e-6


@final
class Reconstruction(nn.Module):
    """Mean squared error of the pixels of hidden patches."""

    def __init__(self, backbone: Vit, spec: VitSpec, recipe: MaskedImages) -> None:
        super().__init__()
        self.backbone = backbone
        narrow = max(4, spec.width // 2 // 4 * 4)
        self.narrow = nn.Linear(spec.width, narrow)
        self.blank = nn.Parameter(torch.randn(narrow) * 0.02)
        self.decoder = nn.ModuleList(Layer(narrow, 1) for _ in range(recipe.depth))
        self.norm = nn.LayerNorm(narrow)
        self.pixels = nn.Linear(narrow, 3 * spec.patch**2)
        self._spec, self._recipe = spec, recipe

    def forward(self, rows: Tensor, labels: Tensor, progress: float) -> Tensor:
        """The loss of a batch; labels are not looked at."""
        images = crops(rows, self._spec.size, self._recipe.smallest)
        tokens = self.backbone.patches(images)
        shown, hidden = split(len(tokens), tokens.shape[1], self._recipe.hidden, tokens.device)
        told = self._decoded(self.backbone.encode(pick(tokens, shown)), shown, hidden)
        wanted = pick(normalised(patches(images, self._spec.patch)), hidden)
        return (told - wanted).square().mean()

    def _decoded(self, encoded: Tensor, shown: Tensor, hidden: Tensor) -> Tensor:
        """Predicted pixels of the hidden patches, (n, hidden, 3 * patch * patch)."""
        edge = self._spec.size // self._spec.patch
        places = grid_positions(edge, edge, len(self.blank), encoded.device)
        seen = self.narrow(encoded) + places[shown]
        x = torch.cat([seen, self.blank + places[hidden]], dim=1)
        for layer in self.decoder:
            x = layer(x)
        told: Tensor = self.pixels(self.norm(x[:, shown.shape[1] :]))
        return told


def split(n: int, count: int, hidden: float, device: torch.device) -> tuple[Tensor, Tensor]:
    """Numbers of the patches that are shown and of those that are hidden, drawn anew for each of n images."""
    order = torch.rand(n, count).argsort(dim=1).to(device)
    shown = min(count - 1, max(1, round(count * (1 - hidden))))
    return order[:, :shown], order[:, shown:]


def pick(rows: Tensor, numbers: Tensor) -> Tensor:
    """(n, count, d) and (n, m) to (n, m, d)."""
    return rows.gather(1, numbers.unsqueeze(2).expand(-1, -1, rows.shape[2]))


def patches(images: Tensor, edge: int) -> Tensor:
    """Pixels patch by patch, row by row: (n, patches, 3 * edge * edge)."""
    return nn.functional.unfold(images, edge, stride=edge).transpose(1, 2)


def normalised(pixels: Tensor) -> Tensor:
    """Each patch with mean 0 and variance 1."""
    mean, variance = pixels.mean(dim=2, keepdim=True), pixels.var(dim=2, keepdim=True)
    return (pixels - mean) / (variance + _EPS).sqrt()
