"""A network without its least filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from autotransfer.nets import ConvSpec, MlpSpec, NetworkSpec

if TYPE_CHECKING:
    from autotransfer.nets.network import Network

_Layer = nn.Linear | nn.Conv2d


def narrowed(spec: NetworkSpec, network: Network, share: float) -> tuple[NetworkSpec, Network]:
    """A new network that keeps the strongest ``1 - share`` of the units of each layer of the backbone, at least one:
    those whose incoming weights have the largest sum of absolute values.

    :param share: in [0, 1). A unit is a plane of a convolution or an output of a fully connected layer; with it go its
        normalisation and the weights of the next layer, or of the heads, that read it.
    """
    layers = [layer for layer in network.backbone.modules() if isinstance(layer, _Layer)]
    kept = [_strongest(layer.weight.detach(), share) for layer in layers]
    if not isinstance(spec.backbone, MlpSpec | ConvSpec):
        raise TypeError("only plain networks can be narrowed")
    smaller = replace(spec, backbone=_spec(spec.backbone, [len(units) for units in kept]))
    found = smaller.build().to(layers[0].weight.device)
    reads: Tensor | None = None
    with torch.no_grad():
        for (old, old_norm), (new, new_norm), units in zip(_pairs(network), _pairs(found), kept, strict=True):
            _copy(old, new, units, reads)
            _copy_norm(old_norm, new_norm, units)
            reads = units
        for old_head, new_head in zip(_heads(network), _heads(found), strict=True):
            _copy(old_head, new_head, torch.arange(len(old_head.weight)), reads)
    return smaller, found


def _strongest(weight: Tensor, share: float) -> Tensor:
    strength = weight.abs().flatten(1).sum(dim=1)
    count = max(1, round((1.0 - share) * len(strength)))
    return strength.topk(count).indices.sort().values


def _spec(backbone: ConvSpec | MlpSpec, units: list[int]) -> ConvSpec | MlpSpec:
    if isinstance(backbone, MlpSpec):
        return replace(backbone, widths=tuple(units))
    return replace(backbone, widths=tuple(units[:-1]), width=units[-1])


def _pairs(network: Network) -> list[tuple[_Layer, nn.Module]]:
    """Each layer with its normalisation."""
    modules = list(network.backbone.modules())
    layers = [module for module in modules if isinstance(module, _Layer)]
    norms = [module for module in modules if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)]
    return list(zip(layers, norms, strict=True))


def _heads(network: Network) -> list[nn.Linear]:
    """The first layer of each head, the one that reads the representation."""
    return [next(module for module in head.modules() if isinstance(module, nn.Linear)) for head in network.heads]


def _copy(old: _Layer, new: _Layer, units: Tensor, reads: Tensor | None) -> None:
    """:param reads: units of the layer before that are left; None: all inputs are."""
    weight = old.weight[units]
    if reads is not None:
        places = weight.shape[1] // _inputs(old, new, len(reads))
        columns = (reads[:, None] * places + torch.arange(places)).flatten()
        weight = weight[:, columns]
    new.weight.copy_(weight)
    if old.bias is not None and new.bias is not None:
        new.bias.copy_(old.bias[units])


def _inputs(old: _Layer, new: _Layer, left: int) -> int:
    """Units of the layer before that the old layer reads: each gives it as many values as each gives the new one."""
    return old.weight.shape[1] * left // new.weight.shape[1]


def _copy_norm(old: nn.Module, new: nn.Module, units: Tensor) -> None:
    for name, values in old.state_dict().items():
        new.state_dict()[name].copy_(values if values.dim() == 0 else values[units])
