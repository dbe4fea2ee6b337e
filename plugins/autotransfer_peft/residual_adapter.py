"""Residual adapters of convolutional networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.data import Modality
from autotransfer.method import Suggest
from autotransfer_peft.layout import Layout
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn

NO_CONVOLUTIONS = "its network has no convolutions of more than one pixel behind the first, or few, as a stem"


@final
@dataclass(frozen=True)
class ResidualAdapter(PeftMethod):
    """Rebuffi, Bilen and Vedaldi, Efficient parametrization of multi-domain deep neural networks, CVPR 2018
    (arXiv:1803.10082), the parallel form: a 1 × 1 convolution beside each larger one, and weights and biases of the
    batch normalisations; their statistics stay. The 1 × 1 convolutions start at zero.
    """

    name: ClassVar[str] = "residual_adapter"
    kind: ClassVar[str] = "residual_adapter"
    reference: ClassVar[str] = "Rebuffi et al., CVPR 2018, arXiv:1803.10082"
    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})

    def add(self, network: nn.Module) -> None:
        from torch import nn

        from autotransfer_peft.layers.bottleneck import BesideConv
        from autotransfer_peft.layers.convolutions import adaptable
        from autotransfer_peft.layers.still_norm import StillNorm

        for place in adaptable(network):
            base = place.layer
            assert isinstance(base, nn.Conv2d)  # noqa: S101 - for the type checker: no others are adaptable
            beside = nn.Conv2d(base.in_channels, base.out_channels, 1, base.stride, bias=False)  # type: ignore[arg-type]
            nn.init.zeros_(beside.weight)
            place.put(BesideConv(base, beside))
        for module in network.modules():
            if isinstance(module, StillNorm):
                module.requires_grad_(requires_grad=True)

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.convolutional else NO_CONVOLUTIONS

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest))
