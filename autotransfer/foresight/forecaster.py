"""Learns from past arms what to expect of new ones."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.foresight.arms import Arms, Experience, Outlook
from autotransfer.foresight.base_rates import BaseRates, fit_rates
from autotransfer.foresight.conformal import attainable, radius
from autotransfer.foresight.reach import Reach, fit_reach
from autotransfer.foresight.reasons import reasons
from autotransfer.foresight.regression import Regression, fit_regression
from autotransfer.foresight.risk import Risk, fit_risk
from autotransfer.foresight.spread import Spread, fit_spread
from autotransfer.foresight.standings import standings

LEAST = 3
"""Targets without which nothing can be said about a new one."""
_FEW = 5


@final
@dataclass(frozen=True, eq=False)
class Foresight:
    """What past arms have taught. Made by :func:`fit`.

    :param order: of standings among the arms of a task, by which arms are ranked.
    :param spread: errors on held-out targets, by key. :param radius: conformal, in units of that spread.
    :param told: (n, 3) for the past arms that did not fail: what :meth:`tell` says when their target is held out.
    """

    gain: Regression
    order: Regression
    risk: Risk
    spread: Spread
    radius: float
    level: float
    seconds: BaseRates | None
    reach: Reach
    targets: int
    told: Array

    def tell(self, arms: Arms) -> Array:
        """(n, 3) of the arms, each larger is better: standing, gain, and the risk with a minus."""
        with _one_thread():
            gain = self.gain.predict(arms.features, arms.keys)
            risk = self.risk.predict(arms.features, arms.keys, gain, self.spread.of(arms.keys))
            return np.column_stack([self.order.predict(arms.features, arms.keys), gain, -risk])

    def forecast(self, arms: Arms) -> tuple[Outlook, ...]:
        """One for each arm, in their order; ``rank`` among the arms of its task."""
        with _one_thread():
            return self._forecast(arms)

    def _forecast(self, arms: Arms) -> tuple[Outlook, ...]:
        far = np.zeros(len(arms), dtype=bool)
        rank = np.zeros(len(arms), dtype=np.int64)
        order = self.order.predict(arms.features, arms.keys)
        base = self.gain.members.rates.of(arms.keys)[:, -1]
        for task in np.unique(arms.tasks):
            mine = np.flatnonzero(arms.tasks == task)
            far[mine] = self.reach.beyond(arms.features[mine])
            place = np.lexsort((np.arange(len(mine)), -(base if far[mine[0]] else order)[mine]))
            rank[mine[place]] = np.arange(1, len(mine) + 1)
        gain = np.where(far, base, self.gain.predict(arms.features, arms.keys))
        spread = self.spread.of(arms.keys)
        risk = self.risk.predict(arms.features, arms.keys, gain, spread)
        risk = np.where(far, self.risk.base_rate(arms.keys), risk)
        little = far | (not self.risk.calibration.proven) | (self.targets < _FEW)
        seconds = None if self.seconds is None else np.exp(self.seconds.of(arms.keys)[:, -1])
        said = reasons(arms, self.gain, self.reach.scale.centre, base)
        return tuple(
            Outlook(
                gain=float(gain[row]),
                low=float(gain[row] - self.radius * spread[row]),
                high=float(gain[row] + self.radius * spread[row]),
                level=self.level,
                risk=float(risk[row]),
                rank=int(rank[row]),
                seconds=None if seconds is None else float(seconds[row]),
                little_evidence=bool(little[row]),
                reason=f"little evidence: {said[row]}" if little[row] else said[row],
            )
            for row in range(len(arms))
        )


def fit(experience: Experience, level: float = 0.9) -> Foresight:
    """From the arms that did not fail. Raises ``InputError`` where there are fewer than three targets."""
    with _one_thread():
        return _fit(experience, level)


def _fit(experience: Experience, level: float) -> Foresight:
    done = experience.take(~np.isnan(experience.gain))
    targets = np.unique(done.arms.targets)
    if len(targets) < LEAST:
        raise InputError(
            f"experience: {LEAST} targets or more are needed to say anything about a new one, not {len(targets)}"
        )
    gain = fit_regression(done.arms, done.gain)
    errors = np.abs(done.gain - gain.held_out)
    spread, held_out = fit_spread(done.arms.keys, done.arms.targets, errors)
    within = attainable(len(targets), level)
    order = fit_regression(done.arms, standings(done.arms.tasks, done.gain))
    risk = fit_risk(done, gain.held_out, held_out)
    return Foresight(
        gain=gain,
        order=order,
        risk=risk,
        spread=spread,
        radius=radius(errors / held_out, done.arms.targets, within),
        level=within,
        seconds=_seconds(experience),
        reach=fit_reach(done.arms),
        targets=len(targets),
        told=np.column_stack([order.held_out, gain.held_out, -risk.held_out]),
    )


def _one_thread() -> AbstractContextManager[object]:
    """So few rows are no work for two threads, which would wait for each other."""
    import sklearn.ensemble  # noqa: F401 - only what is loaded already can be kept to one thread
    from threadpoolctl import threadpool_limits

    limits: AbstractContextManager[object] = threadpool_limits(1)
    return limits


def _seconds(experience: Experience) -> BaseRates | None:
    """Base rates of log seconds; failed arms took time too."""
    timed = experience.seconds > 0
    if not timed.any():
        return None
    arms = experience.arms.take(timed)
    return fit_rates(arms.keys, arms.targets, np.log(experience.seconds[timed]))[0]
