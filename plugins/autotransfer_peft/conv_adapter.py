"""Conv-Adapter: narrow convolutions beside those of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.beside_convolutions import BesideConvolutions
from autotransfer_peft.method import common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class ConvAdapter(BesideConvolutions):
    """Chen, Tao, Wang, Zhao, Wang, Wang, Hu and Savvides, Conv-Adapter: Exploring Parameter Efficient Transfer Learning
    for ConvNets, 2022 (arXiv:2208.07463), the form "convolution parallel": beside each convolution a depth-wise one to
    fewer planes, ReLU, a 1 × 1 convolution, and a factor for each plane that is zero at first.

    :param squeeze: planes of the input for one inside, >= 1; 8 in the authors' code.
    """

    squeeze: int = 4

    name: ClassVar[str] = "conv_adapter"
    kind: ClassVar[str] = "conv_adapter"
    reference: ClassVar[str] = "Chen et al., 2022, arXiv:2208.07463"

    def beside(self, base: nn.Conv2d) -> nn.Module:
        from autotransfer_peft.layers.bottleneck import NarrowConv

        return NarrowConv(base, self.squeeze)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest), squeeze=suggest.suggest_int("squeeze", 2, 32, log=True))
