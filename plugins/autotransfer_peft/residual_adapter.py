"""Residual adapters of convolutional networks."""

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
class ResidualAdapter(BesideConvolutions):
    """Rebuffi, Bilen and Vedaldi, Efficient parametrization of multi-domain deep neural networks, CVPR 2018
    (arXiv:1803.10082), the parallel form: a 1 × 1 convolution beside each larger one, and weights and biases of the
    batch normalisations; their statistics stay. The 1 × 1 convolutions start at zero.
    """

    name: ClassVar[str] = "residual_adapter"
    kind: ClassVar[str] = "residual_adapter"
    reference: ClassVar[str] = "Rebuffi et al., CVPR 2018, arXiv:1803.10082"

    def beside(self, base: nn.Conv2d) -> nn.Module:
        from torch import nn

        beside = nn.Conv2d(base.in_channels, base.out_channels, 1, base.stride, bias=False)  # type: ignore[arg-type]
        nn.init.zeros_(beside.weight)
        return beside

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.still_norm import StillNorm

        super().add(network)
        for module in network.modules():
            if isinstance(module, StillNorm):
                module.requires_grad_(requires_grad=True)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest))
