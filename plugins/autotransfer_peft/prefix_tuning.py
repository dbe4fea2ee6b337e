"""Prefix tuning: learned keys and values that a small network makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from autotransfer_peft.method import PeftMethod

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class PrefixTuning(PeftMethod):
    """Li and Liang, Prefix-Tuning: Optimizing Continuous Prompts for Generation, ACL 2021 (arXiv:2101.00190): keys and
    values in front of those of each layer's attention, made of one vector a place by a network that all layers share
    but for its last layer; the paper finds learning them directly unstable. Positions of tokens do not move.

    :param length: places in front, >= 1. :param inner: columns inside of that network, >= 1.
    """

    length: int = 8
    inner: int = 32

    name: ClassVar[str] = "prefix_tuning"
    reference: ClassVar[str] = "Li & Liang, ACL 2021, arXiv:2101.00190"
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.prefix import Prefix, Table, heads_of, key_width, prefixed
        from autotransfer_peft.layers.transformers import transformer_layers

        layers = transformer_layers(network)
        table = Table(self.length, layers[0].width, self.inner)
        for parts in layers:
            prefixed(parts, Prefix(self.length, key_width(parts), heads_of(parts), table))
