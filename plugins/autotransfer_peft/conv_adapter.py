"""Conv-Adapter: narrow convolutions beside those of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, final

from autotransfer_peft.layout import Layout
from autotransfer_peft.method import PeftMethod
from autotransfer_peft.residual_adapter import NO_CONVOLUTIONS

from autotransfer.data import Modality

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
    reference: ClassVar[str] = "Chen et al., 2022, arXiv:2208.07463"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.bottleneck import BesideConv, NarrowConv
        from autotransfer_peft.layers.convolutions import adaptable
        from torch import nn

        for place in adaptable(network):
            base = place.layer
            assert isinstance(base, nn.Conv2d)  # noqa: S101 - for the type checker: no others are adaptable
            place.put(BesideConv(base, NarrowConv(base, self.squeeze)))

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.convolutions else NO_CONVOLUTIONS
