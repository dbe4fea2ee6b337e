"""Batch normalisation that keeps its statistics."""

from __future__ import annotations

from typing import Self, final

from torch import nn

from autotransfer_peft.layers.transformers import places


@final
class StillNorm(nn.BatchNorm2d):
    """Shares the tensors of another, and normalises by its statistics in training too: few rows know them worse, and
    what is trained would otherwise not be all that changes."""

    def __init__(self, norm: nn.BatchNorm2d) -> None:
        super().__init__(
            norm.num_features, norm.eps, norm.momentum, norm.affine, norm.track_running_stats, device="meta"
        )
        self.weight, self.bias = norm.weight, norm.bias
        self.running_mean, self.running_var = norm.running_mean, norm.running_var
        self.num_batches_tracked = norm.num_batches_tracked
        self.eval()

    def train(self, mode: bool = True) -> Self:
        """Stays in evaluation mode."""
        return super().train(mode=False)


def still(network: nn.Module) -> None:
    """All batch normalisations of images keep their statistics from now on."""
    for place in places(network, nn.BatchNorm2d):
        layer = place.layer
        if isinstance(layer, nn.BatchNorm2d) and layer.track_running_stats:
            place.put(StillNorm(layer))
