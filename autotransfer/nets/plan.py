"""How long and how fast a network is trained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, final

from autotransfer.nets.schedule import Constant, Schedule

if TYPE_CHECKING:
    from torch.nn import Parameter
    from torch.optim import Optimizer

OPTIMISERS = ("adam", "sgd")


@dataclass(frozen=True, eq=False)
class Group:
    """Parameters that share a learning rate.

    :param rate: a multiple of the plan's rate. :param decay: weight decay; None: the plan's.
    :param since: progress from which on they move, in [0, 1); at least one group has 0.
    """

    parameters: Sequence[Parameter]
    rate: float = 1.0
    decay: float | None = None
    since: float = 0.0


@final
@dataclass(frozen=True)
class Plan:
    """Settings of one training.

    :param epochs: passes over the largest data set, at least 1; fewer when ``most_steps`` are reached.
    :param batch: rows of each data set in a step; smaller data sets give all their rows (one alone: twice).
    :param rate: learning rate. :param schedule: changes it as training goes on.
    :param optimiser: ``adam`` (with decoupled weight decay: Loshchilov and Hutter, ICLR 2019) or ``sgd`` (Nesterov
        momentum 0.9).
    :param decay: weight decay. :param clip: largest norm of the gradient of a turn; None: any.
    :param accumulate: a batch is passed in so many pieces, whose gradients add up to those of the whole wherever the
        loss is a mean over rows and batch statistics are not used.
    :param patience: epochs without a better score on validation rows after which training ends; None: never.
    :param most_steps: a large data set gets fewer epochs, so that a fit stays within seconds.
    :param seconds: after which training ends, whatever the steps; the schedule is at its end by then.
    :param precision: in which the network is passed: ``float32``, ``bfloat16`` or ``float16``, the latter two mixed as
        torch's autocast does it, and ``float16`` with a scaled loss (Micikevicius et al., "Mixed precision training",
        ICLR 2018, arXiv:1710.03740). Weights and updates stay float32.
    :param recompute: keep what the network's blocks take in, not what goes on inside of them, and pass each block a
        second time for its gradient: less memory, a third more time. Chen, Xu, Zhang and Guestrin, "Training deep nets
        with sublinear memory cost", 2016 (arXiv:1604.06174).
    """

    epochs: int = 20
    batch: int = 64
    rate: float = 1e-3
    schedule: Schedule = field(default_factory=Constant)
    optimiser: str = "adam"
    decay: float = 0.0
    clip: float | None = None
    accumulate: int = 1
    patience: int | None = None
    most_steps: int = 1000
    seconds: float = math.inf
    precision: str = "float32"
    recompute: bool = False

    def steps_per_epoch(self, rows: int) -> int:
        """Steps in which each of so many rows is seen once."""
        return max(1, math.ceil(rows / self.batch))

    def steps(self, rows: int) -> int:
        """Steps of the whole training when the largest data set has so many rows."""
        return min(self.epochs * self.steps_per_epoch(rows), self.most_steps)

    def optimise(self, groups: Sequence[Group]) -> Optimizer:
        """An optimiser of these parameters. Raises ``ValueError`` for an unknown name."""
        from torch.optim import SGD, AdamW

        kept: list[dict[str, Any]] = [
            {"params": list(group.parameters), "weight_decay": self.decay if group.decay is None else group.decay}
            | {"factor": group.rate}
            for group in groups
        ]
        if self.optimiser == "adam":
            return AdamW(kept, lr=self.rate, fused=True)
        if self.optimiser == "sgd":
            return SGD(kept, lr=self.rate, momentum=0.9, nesterov=True, fused=True)
        raise ValueError(f"optimiser is one of {', '.join(OPTIMISERS)}, not {self.optimiser!r}")

    def set_rate(self, optimiser: Optimizer, progress: float) -> None:
        """The learning rate of every group for the step at this progress."""
        for group in optimiser.param_groups:
            group["lr"] = self.rate * group["factor"] * self.schedule.factor(progress)
