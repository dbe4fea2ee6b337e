"""QLoRA: low-rank updates of weights that are kept in four bits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.layout import Layout
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn


@final
@dataclass(frozen=True)
class Qlora(PeftMethod):
    """Dettmers, Pagnoni, Holtzman and Zettlemoyer, QLoRA: Efficient Finetuning of Quantized LLMs, NeurIPS 2023
    (arXiv:2305.14314): frozen linear layers as 4-bit NormalFloats with double quantisation, made anew for each pass,
    and LoRA in all of them, which the paper finds necessary. Convolutions and embeddings stay as they are. Without the
    paged optimiser: what is trained is small.

    :param rank: >= 1. :param alpha: > 0, the update is alpha / rank · B A. :param dropout: in [0, 1), of its input.
    :param everywhere: in all linear layers of a transformer, in place of query and value alone.
    """

    rank: int = 4
    alpha: float = 8.0
    dropout: float = 0.0
    everywhere: bool = True

    name: ClassVar[str] = "qlora"
    kind: ClassVar[str] = "qlora"
    reference: ClassVar[str] = "Dettmers et al., NeurIPS 2023, arXiv:2305.14314"

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.lora_everywhere import Factors, add_lora

        add_lora(network, Factors(self.rank, self.alpha / self.rank, self.dropout, self.everywhere, four_bits=True))

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.linears else "its network has no linear layer to keep in four bits"

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(
            **common(suggest),
            rank=suggest.suggest_int("rank", 1, 16, log=True),
            alpha=suggest.suggest_float("alpha", 1.0, 32.0, log=True),
        )
