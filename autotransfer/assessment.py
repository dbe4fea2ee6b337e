"""Relatedness and risk alone: what can be said of the sources before anything is trained."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autotransfer.equip import equip
from autotransfer.loading import load_problem
from autotransfer.measure import Evidence, judge_encoders, measure
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.selector import choose_selector
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
    :param evidence: source -> estimator -> value; None where there is none.
    :param reasons: source -> estimator -> why there is none.
    :param encoders: encoder of the run -> estimator -> value, for the estimators that judge an encoder.
    :param risk: source -> method -> predicted P(gain < 0); only where an estimator of the risk applies.
    :param reading: estimator -> how to read it: ``better`` (``higher`` or ``lower``), ``unit`` and ``meaning``.
    :param skipped: arms that cannot run here, with the reason.
    :param notes: what was changed or left out while loading and measuring.
    """

    name: str
    rows: int
    evidence: Evidence
    reasons: dict[str, dict[str, str]]
    encoders: Evidence
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
    estimators, context = catalogue.estimators, Context(settings.seed, settings.device, deadline)
    found = measure(bench, space, estimators, context)
    own = judge_encoders(bench, space, estimators, context)
    forecasts = choose_selector(catalogue, settings.selector).rank(space.arms, found.evidence, bench.problem)
    risk: dict[str, dict[str, float]] = {source: {} for source in found.evidence}
    for forecast in forecasts:
        if forecast.arm.source is not None and forecast.risk is not None:
            risk[forecast.arm.source][forecast.arm.method] = forecast.risk
    return Assessment(
        name=problem.name,
        rows=problem.n_labeled,
        evidence=found.evidence,
        reasons=found.reasons,
        encoders=own.evidence,
        risk=risk,
        reading={name: _reading(estimator) for name, estimator in estimators.items()},
        skipped=tuple(skipped),
        notes=(*problem.notes, *found.notes, *own.notes),
    )


def _reading(estimator: RelatednessEstimator) -> dict[str, str]:
    better = "higher" if estimator.higher_is_better else "lower"
    return {"better": better, "unit": estimator.unit, "meaning": estimator.meaning}
