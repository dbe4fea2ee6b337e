"""The exponential moving average of the weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.tuning import TunedMethod, Tuning, common_settings


@final
@dataclass(frozen=True)
class MovingAverage(TunedMethod):
    """Morales-Brotons, Vogels and Hendrikx, "Exponential moving average of weights in deep learning: dynamics and
    benefits", TMLR 2024 (arXiv:2411.18704), after Polyak and Juditsky, 1992: what remains is the moving average of the
    weights over all updates; statistics of batch normalisation are computed anew.

    :param momentum: share of the average that stays with each update, in (0, 1); 0.98 averages about 50 updates, which
        suits trainings of a few hundred.
    """

    momentum: float = 0.98

    name: ClassVar[str] = "moving_average"
    reference: ClassVar[str] = "Morales-Brotons et al., TMLR 2024, arXiv:2411.18704"

    def train(self, tuning: Tuning, plan: Plan, moved: Callable[[float], None] | None = None) -> None:
        """Train, then take the average."""
        from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

        from autotransfer_finetuning.averages import take

        average = AveragedModel(tuning.network, multi_avg_fn=get_ema_multi_avg_fn(self.momentum))  # type: ignore[no-untyped-call]
        super().train(tuning, plan, lambda _: average.update_parameters(tuning.network))
        take(tuning, average)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(**common_settings(suggest), momentum=suggest.suggest_float("momentum", 0.9, 0.995))
