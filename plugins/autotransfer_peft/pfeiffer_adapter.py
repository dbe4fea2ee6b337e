"""One adapter behind each transformer layer's small network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class PfeifferAdapter(PeftMethod):
    """Pfeiffer, Kamath, Rücklé, Cho and Gurevych, AdapterFusion: Non-Destructive Task Composition for Transfer
    Learning, EACL 2021 (arXiv:2005.00247): the single bottleneck a layer that their search found best, behind the
    small network, ReLU inside. Of one task alone: nothing is fused.

    :param narrow: columns inside, >= 1.
    """

    narrow: int = 16

    name: ClassVar[str] = "pfeiffer_adapter"
    kind: ClassVar[str] = "pfeiffer_adapter"
    reference: ClassVar[str] = "Pfeiffer et al., EACL 2021, arXiv:2005.00247"
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from torch import nn

        from autotransfer_peft.layers.bottleneck import Behind, Bottleneck
        from autotransfer_peft.layers.transformers import transformer_layers

        for parts in transformer_layers(network):
            place = parts.narrowing
            place.put(Behind(place.layer, Bottleneck(parts.width, self.narrow, nn.ReLU()).near_zero()))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest), narrow=suggest.suggest_int("narrow", 2, 64, log=True))
