"""The supervised objective as a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from autotransfer.nets.augment import crops

if TYPE_CHECKING:
    from autotransfer.pretrained.modules.backbone import Backbone
    from autotransfer.pretrained.specs import Spec
    from autotransfer.pretraining.supervised import Supervised

_FULL_SIZE_FROM = 0.7
_STEP = 8  # pixels


@final
class Classification(nn.Module):
    """Cross-entropy of a linear head on random crops."""

    def __init__(self, backbone: Backbone, spec: Spec, n_classes: int, recipe: Supervised) -> None:
        super().__init__()
        self.backbone = backbone
        self.head = nn.Linear(spec.width, n_classes)
        self._size, self._recipe = spec.size, recipe

    def forward(self, rows: Tensor, labels: Tensor, progress: float) -> Tensor:
        """The loss of a batch."""
        images = crops(rows, growing(self._size, progress), self._recipe.smallest)
        images = images.contiguous(memory_format=torch.channels_last)
        return cross_entropy(self.head(self.backbone(images)), labels, label_smoothing=self._recipe.smoothing)


def growing(size: int, progress: float) -> int:
    """Edge of the crops: from a half of the encoder's size to three quarters, in steps, at least 8 pixels."""
    edge = size * (0.5 + 0.25 * min(1.0, progress / _FULL_SIZE_FROM))
    return max(_STEP, int(edge // _STEP) * _STEP)
