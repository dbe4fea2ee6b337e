"""BitFit: biases alone."""

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
class BitFit(PeftMethod):
    """Ben Zaken, Ravfogel and Goldberg, BitFit: Simple Parameter-efficient Fine-tuning for Transformer-based Masked
    Language-models, ACL 2022 (arXiv:2106.10199): all biases of the network are trained, those of its normalisations
    among them, and nothing else.

    :param rate: 0.03 was better on convolutional networks in ``python -m benchmarks finetuning --tasks peft_settings``,
        but transformers come apart at it.
    """

    epochs: int = 50
    rate: float = 1e-2

    name: ClassVar[str] = "bitfit"
    kind: ClassVar[str] = "bitfit"
    reference: ClassVar[str] = "Ben Zaken et al., ACL 2022, arXiv:2106.10199"

    def add(self, network: nn.Module) -> None:
        for name, parameter in network.named_parameters():
            if name.rpartition(".")[2] == "bias":
                parameter.requires_grad_(True)

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.biases else "its network has no biases"

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it."""
        return cls(**common(suggest))
