"""How the learning rate changes while training goes on. Progress is the share of all steps that are done, in [0, 1]."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, final


class Schedule(Protocol):
    """A factor for the learning rate."""

    def factor(self, progress: float) -> float:
        """What the rate is multiplied with."""


@final
@dataclass(frozen=True)
class Constant:
    """The rate stays."""

    def factor(self, progress: float) -> float:
        """1."""
        return 1.0


@final
@dataclass(frozen=True)
class Annealed:
    """``(1 + alpha p) ** -beta``: Ganin et al., JMLR 17, 2016, https://jmlr.org/papers/v17/15-239.html."""

    alpha: float = 10.0
    beta: float = 0.75

    def factor(self, progress: float) -> float:
        """From 1 down to 0.166 by default."""
        return float((1.0 + self.alpha * progress) ** -self.beta)


@final
@dataclass(frozen=True)
class Cosine:
    """A linear warm-up, then half a cosine wave down: Loshchilov and Hutter, SGDR, ICLR 2017 (arXiv:1608.03983),
    without restarts.

    :param warmup: share of the steps in which the rate rises, in [0, 1). :param floor: factor at the end.
    """

    warmup: float = 0.1
    floor: float = 0.0

    def factor(self, progress: float) -> float:
        """Up to 1 at the end of the warm-up, down to ``floor`` at the end."""
        if progress < self.warmup:
            return progress / self.warmup
        wave = math.cos(math.pi * (progress - self.warmup) / (1.0 - self.warmup))
        return self.floor + (1.0 - self.floor) * (1.0 + wave) / 2
