"""Adapters behind both parts of each transformer layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class HoulsbyAdapter(PeftMethod):
    """Houlsby, Giurgiu, Jastrzebski, Morrone, de Laroussilhe, Gesmundo, Attariyan and Gelly, Parameter-Efficient
    Transfer Learning for NLP, ICML 2019 (arXiv:1902.00751): two bottlenecks in each transformer layer, behind the
    attention and behind the small network, before what passed them is added; GELU inside, as in the authors' code.
    Norms, which the paper trains along, stay frozen here: BitFit trains their biases.

    :param narrow: columns inside, >= 1.
    """

    narrow: int = 8

    name: ClassVar[str] = "houlsby_adapter"
    kind: ClassVar[str] = "houlsby_adapter"
    reference: ClassVar[str] = "Houlsby et al., ICML 2019, arXiv:1902.00751"
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from torch import nn

        from autotransfer_peft.layers.bottleneck import Behind, Bottleneck
        from autotransfer_peft.layers.transformers import transformer_layers

        for parts in transformer_layers(network):
            for place in (parts.closing, parts.narrowing):
                place.put(Behind(place.layer, Bottleneck(parts.width, self.narrow, nn.GELU()).near_zero()))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest), narrow=suggest.suggest_int("narrow", 2, 64, log=True))
