"""Leave one target out: everything (scales, base rates, models, calibration) is fitted without it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms, Experience, Outlook
from autotransfer.foresight.forecaster import Foresight, fit

Fold: TypeAlias = tuple[str, Experience, Arms, Array]
"""Target, what may be learned from, its arms, their gains."""


@dataclass(frozen=True)
class Told:
    """Forecasts of all held-out arms beside what came out. ``share`` of losses is the training fold's."""

    outlooks: tuple[Outlook, ...]
    gain: Array
    share: Array
    targets: Array
    delta: float

    @property
    def risk(self) -> Array:
        """(n,) forecast probabilities of a loss."""
        return np.array([outlook.risk for outlook in self.outlooks])

    @property
    def negative(self) -> Array:
        """(n,) 1.0 where there was a loss."""
        return (self.gain < -self.delta).astype(np.float64)

    @property
    def order(self) -> Array:
        """(n,) larger is to be tried earlier, among the arms of one task."""
        return np.array([-float(outlook.rank) for outlook in self.outlooks])

    @property
    def covered(self) -> float:
        """Share of gains that lie in their interval."""
        inside = [o.low <= gain <= o.high for o, gain in zip(self.outlooks, self.gain.tolist(), strict=True)]
        return float(np.mean(inside))

    @property
    def little_evidence(self) -> float:
        """Share of forecasts that say so."""
        return float(np.mean([outlook.little_evidence for outlook in self.outlooks]))


def leave_target_out(experience: Experience) -> Iterator[Fold]:
    """One fold a target; the others are what is learned from."""
    targets = experience.arms.targets
    for target in np.unique(targets):
        held = targets == target
        yield str(target), experience.take(~held), experience.arms.take(held), experience.gain[held]


def in_folds(experience: Experience, count: int = 10) -> Iterator[Fold]:
    """As ``leave_target_out`` with several targets put aside at a time: each is forecast without it and some others."""
    names, own = np.unique(experience.arms.targets, return_inverse=True)
    for number in range(min(count, len(names))):
        held = own % count == number
        yield f"fold {number}", experience.take(~held), experience.arms.take(held), experience.gain[held]


def forecast(folds: Iterator[Fold], learn: Callable[[Experience], Foresight] = fit) -> Told:
    """Forecasts of every fold's arms, one fold after the other."""
    outlooks: list[Outlook] = []
    gains, shares, targets, delta = [], [], [], 0.0
    for target, experience, arms, gain in folds:
        outlooks += learn(experience).forecast(arms)
        delta = experience.delta
        gains.append(gain)
        shares.append(np.full(len(gain), float((experience.gain < -delta).mean())))
        targets += [target] * len(gain)
    return Told(tuple(outlooks), np.concatenate(gains), np.concatenate(shares), np.array(targets, dtype=object), delta)
