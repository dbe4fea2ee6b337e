"""The average of weights from the last part of the training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ClassVar, Self, final

from autotransfer.method import Suggest
from autotransfer.nets import Plan
from autotransfer.tuning import TunedMethod, Tuning, common_settings

_WARM = 0.1


@final
@dataclass(frozen=True)
class Settling:
    """The rate warms up, falls in a line until ``since`` and stays at ``floor`` from there on."""

    since: float
    floor: float

    def factor(self, progress: float) -> float:
        """From 0 up to 1 at a tenth, then down."""
        if progress < _WARM:
            return progress / _WARM
        return 1.0 - (1.0 - self.floor) * min(1.0, (progress - _WARM) / (self.since - _WARM))


@final
@dataclass(frozen=True)
class StochasticWeightAveraging(TunedMethod):
    """Izmailov, Podoprikhin, Garipov, Vetrov and Wilson, "Averaging weights leads to wider optima and better
    generalization", UAI 2018 (arXiv:1803.05407): after most of the training the rate stays, and the weights at the end
    of each epoch from there on are averaged; statistics of batch normalisation are computed anew.

    :param since: share of the training, in (0.1, 1), after which weights are averaged; 0.75 in the paper.
    :param floor: rate from there on, as a share of the largest.
    """

    since: float = 0.75
    floor: float = 0.3

    name: ClassVar[str] = "stochastic_weight_averaging"
    reference: ClassVar[str] = "Izmailov et al., UAI 2018, arXiv:1803.05407"

    def plan(self) -> Plan:
        """The base's with the paper's schedule."""
        return replace(super().plan(), schedule=Settling(self.since, self.floor))

    def train(self, tuning: Tuning, plan: Plan, moved: Callable[[float], None] | None = None) -> None:
        """Train, then take the average."""
        from torch.optim.swa_utils import AveragedModel

        from autotransfer_finetuning.averages import take

        average, epoch = AveragedModel(tuning.network), plan.steps_per_epoch(len(tuning.rows.X))
        made = 0

        def note(progress: float) -> None:
            nonlocal made
            made += 1
            if progress >= self.since and made % epoch == 0:
                average.update_parameters(tuning.network)

        super().train(tuning, plan, note)
        take(tuning, average)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The shared settings and its own."""
        return cls(
            **common_settings(suggest),
            since=suggest.suggest_float("since", 0.4, 0.9),
            floor=suggest.suggest_float("floor", 0.05, 1.0, log=True),
        )
