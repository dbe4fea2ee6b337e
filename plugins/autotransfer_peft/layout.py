"""What a pretrained network is made of: whether a method can change it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import final

from autotransfer.task import Source
from autotransfer.trainable import Trainable


@final
@dataclass(frozen=True)
class Layout:
    """:param layers: of a transformer whose parts have names that are known here. :param linears: linear layers.
    :param convolutions: of more than one pixel, in one group. :param biases: parameters of that name.
    """

    layers: int
    linears: int
    convolutions: int
    biases: int

    @property
    def convolutional(self) -> bool:
        """Whether it is made of convolutions: it has some, and no fewer than transformer layers, before which a few may
        stand as a stem."""
        return 0 < self.convolutions >= self.layers


def layout_of(source: Source) -> Layout | None:
    """None for a source without a network that can be trained."""
    return _layout(source.encoder) if isinstance(source.encoder, Trainable) else None


@lru_cache(maxsize=32)
def _layout(encoder: Trainable) -> Layout:
    from torch import nn

    from autotransfer_peft.layers.convolutions import adaptable
    from autotransfer_peft.layers.transformers import places, transformer_layers

    network = encoder.build()
    biases = [name for name, _ in network.named_parameters() if name.rpartition(".")[2] == "bias"]
    return Layout(
        len(transformer_layers(network)), len(places(network, nn.Linear)), len(adaptable(network)), len(biases)
    )
