"""P-Tuning v2: learned keys and values in front of those of all layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class PTuningV2(PeftMethod):
    """Liu, Ji, Fu, Tam, Du, Yang and Tang, P-Tuning v2: Prompt Tuning Can Be Comparable to Fine-tuning Universally
    Across Scales and Tasks, ACL 2022 (arXiv:2110.07602): as prefix tuning, but with a linear head for classes in place
    of generated words, and keys and values learned as they are, since the network in between helps some tasks alone.

    :param length: places in front, >= 1; easy tasks want fewer than 20.
    """

    length: int = 8

    name: ClassVar[str] = "p_tuning_v2"
    kind: ClassVar[str] = "p_tuning_v2"
    reference: ClassVar[str] = "Liu et al., ACL 2022, arXiv:2110.07602"
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.prefix import Prefix, heads_of, key_width, prefixed
        from autotransfer_peft.layers.transformers import transformer_layers

        for parts in transformer_layers(network):
            prefixed(parts, Prefix(self.length, key_width(parts), heads_of(parts)))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest), length=suggest.suggest_int("length", 1, 32, log=True))
