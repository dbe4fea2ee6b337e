"""Between the weights before fine-tuning and those after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.tuning import TunedMethod, Tuning, common_settings


@final
@dataclass(frozen=True)
class WiseFt(TunedMethod):
    """Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022 (arXiv:2109.01903): all weights are
    ``(1 - alpha)`` times those before and ``alpha`` times those after fine-tuning. Where the paper starts from a
    zero-shot classifier, the network here has a linear head that was fitted on its frozen features, and statistics of
    batch normalisation, which the paper's networks do not have, are computed anew.

    :param alpha: share of the fine-tuned weights, in [0, 1]; 0.5 is the paper's advice.
    """

    rate: float = 3e-4
    alpha: float = 0.5

    name: ClassVar[str] = "wise_ft"
    reference: ClassVar[str] = "Wortsman et al., CVPR 2022, arXiv:2109.01903"
    head_rate: ClassVar[float] = 1.0

    def start(self, tuning: Tuning) -> None:
        """Fit the head."""
        from autotransfer.tuning.head import probe

        probe(tuning)

    def train(self, tuning: Tuning, plan: Plan, moved: Callable[[float], None] | None = None) -> None:
        """Train, then go part of the way back."""
        import torch

        from autotransfer_finetuning.averages import fill

        before = {name: tensor.detach().clone() for name, tensor in tuning.network.state_dict().items()}
        super().train(tuning, plan, moved)
        after = tuning.network.state_dict()
        mixed = {
            name: torch.lerp(before[name], tensor, self.alpha) if tensor.is_floating_point() else tensor
            for name, tensor in after.items()
        }
        fill(tuning, mixed)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), alpha=suggest.suggest_float("alpha", 0.1, 1.0))
