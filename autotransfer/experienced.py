"""A selector that has learned from past runs: what each arm may gain, how likely it hurts, and which to try first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from autotransfer.errors import InputError
from autotransfer.experience.describe import kind, known
from autotransfer.experience.gather import described
from autotransfer.experience.places import fused, places
from autotransfer.experience.row import Row
from autotransfer.experience.table import columns, to_arms, to_experience
from autotransfer.foresight.arms import Outlook
from autotransfer.foresight.forecaster import fit
from autotransfer.measure import Evidence
from autotransfer.problem import Problem
from autotransfer.selector import EvidenceSelector, Forecast, Selector
from autotransfer.trial import Arm

EXPLORATION = 0.1
"""Share of places for the arms that come last: a forecast can be sure and wrong."""
_POINT = 0.01


@final
@dataclass(frozen=True)
class ExperienceSelector(Selector):
    """Forecasts from past arms (:mod:`autotransfer.foresight`), mixed with the order of a portfolio.

    By forecast an arm's place is the sum of two: among the forecasts, and among what its method did elsewhere whatever
    the target (on the shipped experience the sum chooses better than either). The order takes turns: the first arm by
    forecast that has no place yet, then the first of the portfolio's that has none (Feurer et al., Auto-sklearn 2.0,
    JMLR 23, 2022). So after 2k places the k best of either have been tried, whichever is right; every tenth place goes
    to the arm that would come last. Where the target is far from all experience the forecasts are base rates, and say
    so.

    :param rows: past arms. :param fallback: the portfolio's order, and all there is with too few of them.
    """

    rows: tuple[Row, ...]
    fallback: EvidenceSelector

    def rank(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> tuple[Forecast, ...]:
        """All arms; those without a source come first."""
        portfolio = self.fallback.rank(arms, evidence, problem)
        outlooks = self._outlooks([f.arm for f in portfolio if f.arm.source is not None], evidence, problem)
        if not outlooks:
            return portfolio
        alone = tuple(forecast for forecast in portfolio if forecast.arm.source is None)
        told = [_told(f, outlooks[f.arm]) for f in portfolio if f.arm.source is not None]
        return (*alone, *in_turns(self._by_forecast(told, outlooks, problem), told))

    def _by_forecast(
        self, told: Sequence[Forecast], outlooks: Mapping[Arm, Outlook], problem: Problem
    ) -> list[Forecast]:
        known = places(self.rows)
        kinds = {source.name: kind(source) for source in problem.sources}
        elsewhere = [known.get((f.arm.method, kinds[f.arm.source or ""]), 0.0) for f in told]
        by_rank = sorted(range(len(told)), key=lambda position: outlooks[told[position].arm].rank)
        static = sorted(range(len(told)), key=lambda position: -elsewhere[position])
        return [told[position] for position in fused(by_rank, static)]

    def _outlooks(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> dict[Arm, Outlook]:
        """Empty where experience says nothing: too few past targets, or a target without labels."""
        if not arms or not problem.n_labeled:
            return {}
        new = [_new(arm, evidence, problem) for arm in arms]
        # What there was no time to measure here must not be what was learned to rely on.
        names = columns(new)
        try:
            foresight = fit(to_experience(self.rows, names))
        except InputError:
            return {}
        return dict(zip(arms, foresight.forecast(to_arms(new, names)), strict=True))


def in_turns(forecast: Sequence[Forecast], portfolio: Sequence[Forecast]) -> Iterator[Forecast]:
    """Each of the arms once: the first that has no place yet by the forecast, then by the portfolio, and so on; every
    tenth place for the last by the forecast."""
    placed: set[Arm] = set()
    every = round(1 / EXPLORATION)
    queues = [list(forecast), list(portfolio)]
    for place in range(len(forecast)):
        last = (place + 1) % every == 0
        queue = reversed(queues[0]) if last else iter(queues[place % 2])
        chosen = next(candidate for candidate in queue if candidate.arm not in placed)
        placed.add(chosen.arm)
        yield chosen


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
