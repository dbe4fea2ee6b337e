"""What methods have in common that put something beside each convolution of a network."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from autotransfer.data import Modality
from autotransfer_peft.layout import Layout
from autotransfer_peft.method import PeftMethod

if TYPE_CHECKING:
    from torch import nn

NO_CONVOLUTIONS = "its network has no convolutions of more than one pixel behind the first, or few, as a stem"


@dataclass(frozen=True)
class BesideConvolutions(PeftMethod):
    """The sum of each larger convolution and of something smaller on the same planes.

    Length, rate and size were chosen on images that no benchmark tests on: ``python -m benchmarks finetuning --tasks
    peft_settings``.
    """

    epochs: int = 50
    rate: float = 1e-2

    modalities: ClassVar[frozenset[Modality]] = frozenset({Modality.IMAGE})

    @abstractmethod
    def beside(self, base: nn.Conv2d) -> nn.Module:
        """From the convolution's input to the form of its output; zero at first."""

    def add(self, network: nn.Module) -> None:
        from torch import nn

        from autotransfer_peft.layers.bottleneck import BesideConv
        from autotransfer_peft.layers.convolutions import adaptable

        for place in adaptable(network):
            base = place.layer
            assert isinstance(base, nn.Conv2d)  # noqa: S101 - for the type checker: no others are adaptable
            place.put(BesideConv(base, self.beside(base)))

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.convolutional else NO_CONVOLUTIONS
