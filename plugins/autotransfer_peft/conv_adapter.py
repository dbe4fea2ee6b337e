"""Conv-Adapter: narrow convolutions beside those of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer_peft.layout import Layout
from autotransfer_peft.method import PeftMethod, common
from autotransfer_peft.residual_adapter import NO_CONVOLUTIONS

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class ConvAdapter(PeftMethod):
    """Chen, Tao, Wang, Zhao, Wang, Wang, Hu and Savvides, Conv-Adapter: Exploring Parameter Efficient Transfer Learning
    for ConvNets, 2022 (arXiv:2208.07463), the form "convolution parallel": beside each convolution a depth-wise one to
    fewer planes, ReLU, a 1 × 1 convolution, and a factor for each plane that is zero at first.

    :param squeeze: planes of the input for one inside, >= 1.
    """

    squeeze: int = 8

    name: ClassVar[str] = "conv_adapter"
    kind: ClassVar[str] = "conv_adapter"
    reference: ClassVar[str] = "Chen et al., 2022, arXiv:2208.07463"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})

    def add(self, network: nn.Module) -> None:
        from torch import nn

        from autotransfer_peft.layers.bottleneck import BesideConv, NarrowConv
        from autotransfer_peft.layers.convolutions import adaptable

        for place in adaptable(network):
            base = place.layer
            assert isinstance(base, nn.Conv2d)  # noqa: S101 - for the type checker: no others are adaptable
            place.put(BesideConv(base, NarrowConv(base, self.squeeze)))

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.convolutional else NO_CONVOLUTIONS

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest), squeeze=suggest.suggest_int("squeeze", 2, 32, log=True))
