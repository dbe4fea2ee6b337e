"""NT-Xent."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize

from autotransfer.nets.augment import crops, grays, jitter

if TYPE_CHECKING:
    from autotransfer.pretrained.modules.backbone import Backbone
    from autotransfer.pretrained.specs import Spec
    from autotransfer.pretraining.simclr import Contrastive

_JITTERED, _GRAY = 0.8, 0.2
"""Shares of the views."""


@final
class Contrast(nn.Module):
    """Two views of each image through the backbone and a projection."""

    def __init__(self, backbone: Backbone, spec: Spec, recipe: Contrastive) -> None:
        super().__init__()
        self.backbone = backbone
        self.projection = nn.Sequential(
            nn.Linear(spec.width, spec.width), nn.ReLU(), nn.Linear(spec.width, recipe.projection)
        )
        self._size, self._recipe = spec.size, recipe

    def forward(self, rows: Tensor, labels: Tensor, progress: float) -> Tensor:
        """The loss of a batch; labels are not looked at."""
        views = torch.cat([self._view(rows), self._view(rows)]).contiguous(memory_format=torch.channels_last)
        one, other = self.projection(self.backbone(views)).chunk(2)
        return nt_xent(one, other, self._recipe.temperature)

    def _view(self, rows: Tensor) -> Tensor:
        images = crops(rows, self._size, self._recipe.smallest)
        chosen = torch.rand(len(images), 1, 1, 1, device=images.device) < _JITTERED
        return grays(torch.where(chosen, jitter(images, self._recipe.strength), images), _GRAY)


def nt_xent(one: Tensor, other: Tensor, temperature: float) -> Tensor:
    """The normalised temperature-scaled cross-entropy of SimCLR (equation 1): which of the 2n - 1 other views is of the
    same image, by cosine similarity.

    :param one: (n, d). :param other: the second view of each row, (n, d).
    """
    n = len(one)
    z = normalize(torch.cat([one, other]), dim=1)
    scores = z @ z.T / temperature
    scores = scores.masked_fill(torch.eye(2 * n, dtype=torch.bool, device=z.device), -torch.inf)
    partner = torch.arange(2 * n, device=z.device).roll(n)
    return cross_entropy(scores, partner)
