"""LoRA: low-rank updates of frozen weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer_peft.layout import Layout
from autotransfer_peft.method import PeftMethod, common

if TYPE_CHECKING:
    from torch import nn

NOTHING = "its network has no linear layer and no convolution that can have factors"


@final
@dataclass(frozen=True)
class Lora(PeftMethod):
    """Hu, Shen, Wallis, Allen-Zhu, Li, Wang, Wang and Chen, LoRA: Low-Rank Adaptation of Large Language Models, ICLR
    2022 (arXiv:2106.09685): W + alpha / rank · B A beside the frozen W, on the project's fused operator; in query and
    value of a transformer, and as in the authors' library in the convolutions of other networks.

    Length, rate and size were chosen on images that no benchmark tests on: ``python -m benchmarks finetuning --tasks
    peft_settings``.

    :param rank: >= 1; of a k × k convolution the update has k times ceil(rank / k).
    :param alpha: > 0. :param stabilised: alpha / sqrt(rank) in place of alpha / rank (Kalajdzievski, A Rank
        Stabilization Scaling Factor for Fine-Tuning with LoRA, 2023, arXiv:2312.03732).
    :param dropout: in [0, 1), of the input of the update. :param everywhere: in all linear layers of a transformer.
    """

    epochs: int = 50
    rate: float = 1e-2
    rank: int = 8
    alpha: float = 8.0
    stabilised: bool = False
    dropout: float = 0.0
    everywhere: bool = False

    name: ClassVar[str] = "lora"
    kind: ClassVar[str] = "lora"
    reference: ClassVar[str] = "Hu et al., ICLR 2022, arXiv:2106.09685"

    def add(self, network: nn.Module) -> None:
        from autotransfer_peft.layers.lora_everywhere import Factors, add_lora

        add_lora(network, Factors(self.rank, self.scale, self.dropout, self.everywhere))

    @property
    def scale(self) -> float:
        """Of the update B A."""
        return self.alpha / (self.rank**0.5 if self.stabilised else self.rank)

    @classmethod
    def unfit(cls, layout: Layout) -> str | None:
        return None if layout.linears or layout.convolutions else NOTHING

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field that is worth it: of alpha and the stabilised scale one is enough."""
        return cls(
            **common(suggest),
            rank=suggest.suggest_int("rank", 1, 16, log=True),
            alpha=suggest.suggest_float("alpha", 1.0, 32.0, log=True),
        )
