"""Which arms to try first, and how risky each one looks before it has been tried."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, final

from autotransfer import portfolio
from autotransfer.catalogue import Catalogue
from autotransfer.errors import PluginError
from autotransfer.measure import Evidence
from autotransfer.method import Method
from autotransfer.problem import Problem
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.settings import EVIDENCE
from autotransfer.trial import Arm, TrialRecord

if TYPE_CHECKING:
    from autotransfer.experience.history import History


@dataclass(frozen=True)
class Forecast:
    """An arm before its first trial; None: unknown.

    :param gain: expected, in units of the metric, or of the baseline's error where the metric has a unit. ``low`` and
        ``high``: its 90 % interval.
    :param risk: P(gain < 0), or, learned from past runs, P(gain < -1 point).
    :param seconds: that a trial may take. ``little_evidence``: whether the figures are base rates of past runs, as this
        target is unlike all of them. ``reason``: what moves the arm away from these, in a line.
    """

    arm: Arm
    gain: float | None
    risk: float | None
    low: float | None = None
    high: float | None = None
    seconds: float | None = None
    little_evidence: bool = False
    reason: str = ""


class Chooser(ABC):
    """Ranks arms anew by what those came to that have been tried."""

    @abstractmethod
    def order(self, waiting: Sequence[Arm], trials: Sequence[TrialRecord], metric: str) -> Sequence[Arm]:
        """The arms that wait, the one to try next in front. :param trials: all that have ended. :param metric: name."""


@dataclass(frozen=True)
class Ranking:
    """What is known of arms before the search.

    :param forecasts: of all arms, the one to try first in front.
    :param chooser: what changes that order as trials come in; None: nothing does.
    """

    forecasts: tuple[Forecast, ...]
    chooser: Chooser | None = None

    def risks(self) -> dict[Arm, float]:
        """Of the arms that have one."""
        return {forecast.arm: forecast.risk for forecast in self.forecasts if forecast.risk is not None}


class Selector(ABC):
    """Ranks arms by what is known before the search."""

    @abstractmethod
    def rank(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> tuple[Forecast, ...]:
        """All arms, the one to try first in front."""

    def plan(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> Ranking:
        """The same, and what learns from trials, where there is such a thing."""
        return Ranking(self.rank(arms, evidence, problem))


@final
@dataclass(frozen=True)
class EvidenceSelector(Selector):
    """Ranks by this run's own estimates: sources by estimated gain, methods as ``places`` says.

    Methods that have no place there were installed on purpose, and come first, simple ones (fewer settings) before
    others; those that train networks come last: one trial of theirs takes the time of many.

    The order runs along diagonals: first every method's best source, early methods before late ones, mixed with the
    second-best sources of the first methods, and so on; no method waits for all sources of another.
    """

    estimators: Mapping[str, RelatednessEstimator]
    methods: Mapping[str, type[Method]]
    places: Mapping[str, int] = field(default_factory=portfolio.order)

    def rank(self, arms: Sequence[Arm], evidence: Evidence, problem: Problem) -> tuple[Forecast, ...]:
        """All arms; those without a source come first."""
        sources = list(dict.fromkeys(arm.source for arm in arms if arm.source is not None))
        gains = {source: self._mean(Role.GAIN, evidence.get(source, {})) for source in sources}
        risks = {source: self._mean(Role.RISK, evidence.get(source, {})) for source in sources}
        named = dict.fromkeys(arm.method for arm in arms)
        methods = sorted(named, key=self._place)
        # Several sources together have what each of them has: without an estimate they come first.
        pools = {s.name for s in problem.sources if s.data is not None and s.data.domain is not None}
        unknown = {source: float("inf") if source in pools else 0.0 for source in sources}
        expected = {source: unknown[source] if gains[source] is None else gains[source] for source in sources}
        by_gain = sorted(sources, key=lambda source: -(expected[source] or 0.0))

        def place(arm: Arm) -> tuple[int, int]:
            if arm.source is None:
                return -1, methods.index(arm.method)
            rank = by_gain.index(arm.source)
            return methods.index(arm.method) + 2 * rank, rank

        ordered = sorted(arms, key=place)
        return tuple(
            Forecast(arm, None, None) if arm.source is None else Forecast(arm, gains[arm.source], risks[arm.source])
            for arm in ordered
        )

    def _place(self, method: str) -> tuple[int, int]:
        settings = len(fields(self.methods[method]))  # type: ignore[arg-type]
        unplaced = len(self.places) if self.methods[method].libraries else -1
        return self.places.get(method, unplaced), settings

    def _mean(self, role: Role, values: Mapping[str, float | None]) -> float | None:
        known = [v for name, v in values.items() if v is not None and self.estimators[name].role is role]
        return sum(known) / len(known) if known else None


def choose_selector(catalogue: Catalogue, name: str = EVIDENCE) -> Selector:
    """The first selector that a plugin makes from the history of past runs, else the built-in one of that name.

    Raises ``PluginError`` when a plugin makes something else.
    """
    from autotransfer.experience.history import History

    history = History()
    made = catalogue.hook.make_selector(history=history)
    if made is None:
        by_evidence = EvidenceSelector(catalogue.estimators, catalogue.methods)
        return by_evidence if name == EVIDENCE else _learned(history, by_evidence)
    if not isinstance(made, Selector):
        raise PluginError(
            f"make_selector returned {type(made).__name__}; it must return an autotransfer Selector or None"
        )
    return made


def _learned(history: History, fallback: EvidenceSelector) -> Selector:
    from autotransfer.experienced import ExperienceSelector

    return ExperienceSelector(history.rows, fallback)
