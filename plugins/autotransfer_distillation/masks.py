"""Weights that are held at zero while the others are trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.utils import prune

if TYPE_CHECKING:
    from autotransfer.nets.network import Network

_TINY = 1e-12


def weighty(network: Network) -> list[nn.Module]:
    """The layers that are pruned: fully connected ones and convolutions, in order."""
    return [module for module in network.modules() if isinstance(module, nn.Linear | nn.Conv2d)]


def mask_smallest(network: Network, share: float) -> None:
    """Hold the smallest ``share`` of all weights at zero: those with the least absolute value, in units of their
    layer's standard deviation, so that one threshold fits all layers (the paper's quality parameter). Weights that are
    held already stay held: they are zero, and nothing is smaller.

    :param share: in [0, 1). Each layer keeps its largest weight.
    """
    layers = weighty(network)
    sizes = [_size(layer) for layer in layers]
    ranks = torch.cat([size.flatten() for size in sizes])
    held = int(share * len(ranks))
    if not held:
        return
    threshold = ranks.kthvalue(held).values
    release(network)
    for layer, size in zip(layers, sizes, strict=True):
        mask = (size > threshold) | (size == size.max())
        prune.custom_from_mask(layer, "weight", mask)  # type: ignore[no-untyped-call]


def release(network: Network) -> None:
    """Zeros become plain weights again, at the value zero."""
    for layer in weighty(network):
        if prune.is_pruned(layer):
            prune.remove(layer, "weight")  # type: ignore[no-untyped-call]


def _size(layer: nn.Module) -> Tensor:
    if not isinstance(layer, nn.Linear | nn.Conv2d):
        raise TypeError(f"{type(layer).__name__} has no weights to prune")
    weight = layer.weight.detach()
    kept = weight[weight != 0]
    spread = kept.std(correction=0) if len(kept) > 1 else kept.new_ones(())
    return weight.abs() / spread.clamp(min=_TINY)
