"""The order of trials by what is expected of arms, corrected by what the trials so far came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.experience.gather import gains_so_far
from autotransfer.foresight.pursuit import Pursuit
from autotransfer.selector import Chooser
from autotransfer.trial import Arm, TrialRecord

EXPLORATION = 0.1
"""Share of turns for the arm that would come last: a forecast can be sure and wrong."""


@final
@dataclass(frozen=True, eq=False)
class Pursuer(Chooser):
    """The arm with the largest expected improvement per second comes next; every tenth time the one with the least.

    :param arms: those of the ``pursuit``, in its order. :param seconds: (n,) that a trial of each may take.
    """

    arms: tuple[Arm, ...]
    pursuit: Pursuit
    seconds: Array

    def order(self, waiting: Sequence[Arm], trials: Sequence[TrialRecord], metric: str) -> Sequence[Arm]:
        """By worth; arms without a source come first."""
        return self.next(waiting, gains_so_far(trials, metric))

    def next(self, waiting: Sequence[Arm], gains: Mapping[Arm, float]) -> tuple[Arm, ...]:
        """The same from the points that arms gained over no transfer."""
        ordered = self.by_worth(waiting, gains)
        explores = (len(gains) + 1) % round(1 / EXPLORATION) == 0
        return (*ordered[-1:], *ordered[:-1]) if explores else ordered

    def by_worth(self, waiting: Sequence[Arm], gains: Mapping[Arm, float]) -> tuple[Arm, ...]:
        """The arms, the one worth most in front."""
        tried = [place for place, arm in enumerate(self.arms) if arm in gains]
        came = np.array([gains[self.arms[place]] for place in tried], dtype=np.float64)
        worth = self.pursuit.improvement(np.array(tried, dtype=np.int64), came) / self.seconds
        known = dict(zip(self.arms, worth.tolist(), strict=True))
        return tuple(sorted(waiting, key=lambda arm: -known.get(arm, np.inf)))
