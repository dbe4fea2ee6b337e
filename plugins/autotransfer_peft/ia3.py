"""(IA)³: factors of keys, values and inner activations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class Ia3(PeftMethod):
    """Liu, Tam, Muqeeth, Mohta, Huang, Bansal and Raffel, Few-Shot Parameter-Efficient Fine-Tuning is Better and
    Cheaper than In-Context Learning, NeurIPS 2022 (arXiv:2205.05638): a learned factor, one at first, for
    each column of the keys, of the values, and of what is inside of each layer's small network.
    """

    name: ClassVar[str] = "ia3"
    kind: ClassVar[str] = "ia3"
    reference: ClassVar[str] = "Liu et al., NeurIPS 2022, arXiv:2205.05638"
    needs_layers: ClassVar[bool] = True

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.scaled import add_factors

        add_factors(network)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest))
