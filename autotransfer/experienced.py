"""A selector that has learned from past runs: what each arm may gain, how likely it hurts, and which to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.experience.describe import known
from autotransfer.experience.gather import described
from autotransfer.experience.lessons import Learned, learn
from autotransfer.experience.row import Row
from autotransfer.experience.table import columns
from autotransfer.foresight.arms import Outlook
from autotransfer.measure import Evidence
from autotransfer.problem import Problem
from autotransfer.pursuer import Pursuer
from autotransfer.selector import EvidenceSelector, Forecast, Ranking, Selector
from autotransfer.trial import Arm

_POINT = 0.01
_NETWORK = 20.0
"""Times the usual seconds of a trial that a method is taken to need which trains networks and was never timed."""


@final
@dataclass(frozen=True)
class ExperienceSelector(Selector):
    """Forecasts from past arms (:mod:`autotransfer.foresight`), which trials then correct.

    The arm to try next is the one with the largest expected improvement over the best so far and over no transfer, per
    second (:mod:`autotransfer.pursuer`). Where the target is far from all experience the forecasts are base rates, and
    say so.

    :param rows: past arms. :param fallback: the portfolio's order, and all there is with too few of them.
    """

    rows: tuple[Row, ...]
    fallback: EvidenceSelector

    def rank(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> tuple[Forecast, ...]:
        """All arms; those without a source come first."""
        return self.plan(arms, evidence, problem).forecasts

    def plan(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> Ranking:
        """Forecasts, and the order in which trials follow each other."""
        portfolio = self.fallback.rank(arms, evidence, problem)
        able = [forecast for forecast in portfolio if forecast.arm.source is not None]
        new = [_new(forecast.arm, evidence, problem) for forecast in able]
        # What there was no time to measure here must not be what was learned to rely on.
        lessons = learn(self.rows, columns(new)) if new and problem.n_labeled else None
        if lessons is None:
            return Ranking(portfolio)
        learned = lessons.apply(new)
        told = {f.arm: _told(f, outlook) for f, outlook in zip(able, learned.outlooks, strict=True)}
        alone = tuple(forecast for forecast in portfolio if forecast.arm.source is None)
        pursuer = Pursuer(tuple(told), learned.pursuit, self._seconds(learned, [f.arm for f in able]))
        return Ranking((*alone, *(told[arm] for arm in pursuer.by_worth(tuple(told), {}))), pursuer)

    def _seconds(self, learned: Learned, arms: Sequence[Arm]) -> Array:
        """(n,) that a trial may take, never less than usual: what is saved below that is no reason to try an arm."""
        told = np.array([outlook.seconds or np.nan for outlook in learned.outlooks])
        usual = float(np.nanmedian(told)) if np.isfinite(told).any() else 1.0
        heavy = np.array([bool(self.fallback.methods[arm.method].libraries) for arm in arms])
        told = np.where(heavy & learned.strangers, _NETWORK * usual, told)
        return np.asarray(np.fmax(told, usual))


def _new(arm: Arm, evidence: Evidence, problem: Problem) -> Row:
    source = problem.source(arm.source)
    if source is None:
        raise ValueError(f"{arm} has no source to be described")
    row = described(problem.name, "", problem, source, arm.method)
    return replace(row, scores=known(evidence.get(source.name, {})))


def _told(forecast: Forecast, outlook: Outlook) -> Forecast:
    return replace(
        forecast,
        gain=outlook.gain * _POINT,
        risk=outlook.risk,
        low=outlook.low * _POINT,
        high=outlook.high * _POINT,
        seconds=outlook.seconds,
        little_evidence=outlook.little_evidence,
        reason=outlook.reason,
    )
