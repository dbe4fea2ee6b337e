"""What all parameter-efficient methods have in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from autotransfer_peft.layout import Layout, layout_of

from autotransfer.task import Source

if TYPE_CHECKING:
    from torch import nn

NO_LAYERS = "its network has no transformer layers whose parts have names that are known (timm's, BERT's)"


@dataclass(frozen=True)
class PeftMethod:
    """Concrete ones say what is added to a frozen network."""

    needs_layers: ClassVar[bool] = False

    def change(self, network: nn.Module) -> None:
        """Freeze everything, statistics too, and add what is trained."""
        from autotransfer_peft.layers.still_norm import still

        network.requires_grad_(requires_grad=False)
        still(network)
        self.add(network)

    @abstractmethod
    def add(self, network: nn.Module) -> None:
        """Put new layers into a network that is frozen; what requires gradients afterwards is trained."""

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        """Why it cannot change such a network."""
        return NO_LAYERS if cls.needs_layers and not layout.layers else None

    @classmethod
    def refuses(cls, source: Source) -> str | None:
        layout = layout_of(source)
        return None if layout is None else cls.unfit(layout)
