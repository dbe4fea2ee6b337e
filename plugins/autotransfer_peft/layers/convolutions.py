"""Convolutions that another can stand beside."""

from __future__ import annotations

from torch import nn

from autotransfer_peft.layers.transformers import Place, places


def adaptable(network: nn.Module) -> list[Place]:
    """Those of more than one pixel with one group, but for the first, which sees pixels: what the adapters of Rebuffi
    et al. and of Chen et al. stand beside."""
    found = [place for place in places(network, nn.Conv2d) if _wide(place.layer)]
    return [place for place in found if isinstance(place.layer, nn.Conv2d) and place.layer.in_channels > 3]


def _wide(layer: nn.Module) -> bool:
    return isinstance(layer, nn.Conv2d) and layer.groups == 1 and max(layer.kernel_size) > 1
