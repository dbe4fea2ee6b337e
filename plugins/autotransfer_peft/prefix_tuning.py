"""Prefix tuning: learned keys and values that a small network makes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

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
    kind: ClassVar[str] = "prefix_tuning"
    reference: ClassVar[str] = "Li & Liang, ACL 2021, arXiv:2101.00190"
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.prefix import Prefix, Table, heads_of, key_width, prefixed
        from autotransfer_peft.layers.transformers import transformer_layers

        layers = transformer_layers(network)
        table = Table(self.length, layers[0].width, self.inner)
        for index, parts in enumerate(layers):
            prefixed(parts, Prefix(self.length, key_width(parts), heads_of(parts), table, own=index == 0))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        length = suggest.suggest_int("length", 1, 32, log=True)
        return cls(**common(suggest), length=length, inner=suggest.suggest_int("inner", 8, 128, log=True))
