"""Relatedness and risk alone: what can be said of the sources before anything is trained."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autotransfer.equip import equip
from autotransfer.loading import load_problem
from autotransfer.measure import Evidence, measure
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.selector import EvidenceSelector
from autotransfer.settings import Settings, parse_duration
from autotransfer.task import Context, Source
from autotransfer.trial import Skipped

_SECONDS = 60.0
"""After so long no further estimate is begun."""

Given = str | Path | RawData


@dataclass(frozen=True, eq=False)
class Assessment:
    """What ``assess`` found.

    :param name: of the target.
    :param rows: its labelled rows, which the estimates rest on; 0 where only those apply that need no labels.
    :param evidence: source -> estimator -> value; None where the estimator does not apply.
    :param risk: source -> method -> predicted P(gain < 0); only where an estimator of the risk applies.
    :param reading: estimator -> how to read it: ``better`` (``higher`` or ``lower``), ``unit`` and ``meaning``.
    :param skipped: arms that cannot run here, with the reason.
    :param notes: what was changed or left out while loading and measuring.
    """

    name: str
    rows: int
    evidence: Evidence
    risk: dict[str, dict[str, float]]
    reading: dict[str, dict[str, str]]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def assess(
    target: Given,
    sources: Sequence[Given | Source] = (),
    budget: float | str | None = None,
    settings: Settings | None = None,
    plugins: Sequence[object] = (),
) -> Assessment:
    """Relatedness and risk of every source, without a search; nothing is written.

    :param target: path, URI or rows of the target; its test rows are put aside and not looked at.
    :param sources: the same of what may help, or opened sources.
    :param budget: seconds, or a duration such as ``"30s"``; None: one minute.
    :param plugins: plugin objects besides the installed ones.
    :raises InputError: the data or the settings are unusable.
    """
    settings = settings or Settings()
    deadline = time.monotonic() + (_SECONDS if budget is None else parse_duration(budget))
    catalogue = load_catalogue(plugins)
    problem = load_problem(target, sources, settings, catalogue.hook)
    skipped: list[Skipped] = []
    space, bench = equip(problem, catalogue, settings, skipped)
    estimators = catalogue.estimators
    evidence, notes = measure(bench, space, estimators, Context(settings.seed, settings.device, deadline))
    forecasts = EvidenceSelector(estimators, catalogue.methods).rank(space.arms, evidence, bench.problem)
    risk: dict[str, dict[str, float]] = {source: {} for source in evidence}
    for forecast in forecasts:
        if forecast.arm.source is not None and forecast.risk is not None:
            risk[forecast.arm.source][forecast.arm.method] = forecast.risk
    reading = {name: _reading(estimator) for name, estimator in estimators.items()}
    notes = (*problem.notes, *notes)
    return Assessment(problem.name, problem.n_labeled, evidence, risk, reading, tuple(skipped), notes)


def _reading(estimator: RelatednessEstimator) -> dict[str, str]:
    better = "higher" if estimator.higher_is_better else "lower"
    return {"better": better, "unit": estimator.unit, "meaning": estimator.meaning}
