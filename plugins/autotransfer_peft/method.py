"""What all parameter-efficient methods have in common."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, final

from autotransfer.method import Suggest
from autotransfer.task import Source
from autotransfer.tuning import Change, TunedMethod, Tuning
from autotransfer_peft.layout import Layout, layout_of

if TYPE_CHECKING:
    from torch import nn

NO_LAYERS = "its network has no transformer layers whose parts have names that are known (timm's, BERT's)"


@dataclass(frozen=True)
class PeftMethod(TunedMethod, Change):
    """The pretrained network is frozen, its statistics too, and little is put into it; that and a linear head are
    trained. The head starts as one fitted on frozen features, so that what is put in first repairs what it lacks
    (Kumar, Raghunathan, Jones, Ma and Liang, Fine-Tuning can Distort Pretrained Features and Underperform
    Out-of-Distribution, ICLR 2022, arXiv:2202.10054). The method is its own change: a saved model makes it again by
    these settings.

    :param rate: Adam's largest learning rate, of what is put in and of the head.
    """

    epochs: int = 20
    rate: float = 3e-3

    head_rate: ClassVar[float] = 1.0
    needs_layers: ClassVar[bool] = False

    @final
    def change(self) -> Change:
        """Itself."""
        return self

    def apply(self, module: nn.Module) -> Sequence[nn.Parameter]:
        """Freeze everything, statistics too, and add what is trained."""
        from autotransfer_peft.layers.still_norm import still

        module.requires_grad_(False)
        still(module)
        self.add(module)
        return [parameter for parameter in module.parameters() if parameter.requires_grad]

    def start(self, tuning: Tuning) -> None:
        """The head starts as a linear probe."""
        from autotransfer.tuning.head import probe

        probe(tuning)

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


def common(suggest: Suggest) -> dict[str, Any]:
    """The fields of the base that are worth a search, beside the size of what is put in: the rate, which is larger than
    that of a whole network."""
    return {"rate": suggest.suggest_float("rate", 3e-4, 3e-2, log=True)}
