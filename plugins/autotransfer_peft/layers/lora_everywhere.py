"""LoRA in those places of a network that a method chooses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

from torch import nn

from autotransfer.kernels import LoraLinear
from autotransfer_peft.layers.lora_conv import LoraConv2d
from autotransfer_peft.layers.qlora import QloraLinear
from autotransfer_peft.layers.transformers import Parts, Place, linear_at, places, transformer_layers


@final
@dataclass(frozen=True)
class Factors:
    """Settings of all factors.

    :param scale: of the update; a layer's alpha is scale · rank. :param everywhere: in all linear layers of a
        transformer, not in query and value alone. :param four_bits: whether frozen weights are kept so.
    """

    rank: int
    scale: float
    dropout: float
    everywhere: bool
    four_bits: bool = False

    def put(self, place: Place, parts: Sequence[tuple[int, int]] | None = None) -> None:
        """Around the linear layer there; ``parts`` as of :class:`~autotransfer.kernels.LoraLinear`."""
        kind = QloraLinear if self.four_bits else LoraLinear
        place.put(kind(linear_at(place), self.rank, self.scale * self.rank, self.dropout, parts))


def add_lora(network: nn.Module, factors: Factors) -> None:
    """To query and value of a transformer's attention, or to all of its linear layers; of another network to all
    linear layers and all convolutions of :func:`fits`. The update of a k × k convolution has k times the rank that it
    is given, which is therefore the rank asked for over k, rounded up."""
    layers = transformer_layers(network)
    for parts in layers:
        _in_layer(parts, factors)
    if layers:
        return
    for place in places(network, nn.Linear):
        factors.put(place)
    for place in places(network, nn.Conv2d):
        conv = place.layer
        if isinstance(conv, nn.Conv2d) and fits(conv) and not factors.four_bits:
            place.put(LoraConv2d(conv, math.ceil(factors.rank / conv.kernel_size[0]), factors.scale, factors.dropout))


def fits(conv: nn.Conv2d) -> bool:
    """Whether a convolution can have factors."""
    return conv.groups == 1 and conv.kernel_size[0] == conv.kernel_size[1] and conv.padding_mode == "zeros"


def _in_layer(parts: Parts, factors: Factors) -> None:
    if factors.everywhere:
        for place in parts.linears:
            factors.put(place)
    elif len(parts.mixers) > 1:
        query, _, value = parts.mixers
        factors.put(query)
        factors.put(value)
    else:
        size = linear_at(parts.mixers[0]).out_features // 3
        factors.put(parts.mixers[0], [(0, size), (2 * size, size)])
