"""The project's own outcomes: forecasts of data sets, and of whole families of them, that nothing has seen.

Data sets are put aside in ten folds, families one by one; scales, base rates, models and calibration are fitted without
them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import autotransfer
from autotransfer.experience.reliability import FILE
from autotransfer.experience.row import Row
from autotransfer.experience.seed import seed
from autotransfer.experience.table import columns, to_experience
from autotransfer.foresight.arms import Experience
from benchmarks.harness import Arguments, Bar, at_least, at_most
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting.held_out import Told, forecast, in_folds, leave_target_out
from benchmarks.selecting.scores import auroc, brier, calibration_error, skill

PROBES = frozenset({"transfer_probe", "probe_risk"})
"""Estimates that train a model on both sides; the others look at rows alone."""
_CANARY, _SEEDS = 0.05, 3
_BINS = 10


def measure(arguments: Arguments) -> Part:
    """With probes and without; by data set and by family; and on shuffled outcomes, where nothing can be known.

    Without ``--quick`` the reliability table that reports show is written into the package.
    """
    rows = finished_rows()
    if len({row.target for row in rows}) < _BINS:
        return Part()
    cases = {
        "own, probe": told_in_folds(),
        "own, no probe": _told(rows, without=PROBES),
        "own, family left out": forecast(leave_target_out(_by_family(rows))),
    }
    shuffled = float(np.mean([_canary(rows, number) for number in range(1 if arguments.quick else _SEEDS)]))
    if not arguments.quick:
        _write(cases["own, probe"], len({row.target for row in rows}))
    return Part([_row(name, told) for name, told in cases.items()], bars(cases, shuffled))


def finished_rows() -> list[Row]:
    """The shipped arms that have a gain."""
    return [row for row in seed() if row.gain is not None]


@cache
def told_in_folds() -> Told:
    """Forecasts of all of them, each by what was learned from other data sets."""
    return _told(finished_rows())


def order_of_rows(rows: Sequence[Row]) -> list[int]:
    """Positions of the rows in the order in which :func:`told_in_folds` has them."""
    experience = replace(_experience(rows), gain=np.arange(len(rows), dtype=np.float64))
    return [int(position) for fold in in_folds(experience) for position in fold[3]]


def bars(cases: dict[str, Told], shuffled: float) -> list[Bar]:
    """What the selector is held to on its own experience."""
    probe, none = cases["own, probe"], cases["own, no probe"]
    return [
        at_least("own: AUROC with the probe", auroc(probe.risk, probe.negative), 0.80),
        at_least("own: AUROC without", auroc(none.risk, none.negative), 0.72),
        at_least("own: Brier skill score", skill(probe.risk, probe.negative, probe.share), 0.20),
        at_most("own: expected calibration error", calibration_error(probe.risk, probe.negative), 0.05),
        at_least("own: gains inside the 90 % intervals", probe.covered, 0.9),
        at_most("own: AUROC on shuffled outcomes, from 0.5", abs(shuffled - 0.5), _CANARY),
    ]


def _told(rows: Sequence[Row], without: frozenset[str] = frozenset()) -> Told:
    return forecast(in_folds(_experience(rows, without)))


def _experience(rows: Sequence[Row], without: frozenset[str] = frozenset()) -> Experience:
    """Features of a row come from its own task alone, so that they may be computed before the folds."""
    return to_experience(rows, [name for name in columns(rows) if name not in without])


def _by_family(rows: Sequence[Row]) -> Experience:
    return _experience([replace(row, target=row.family) for row in rows])


def _canary(rows: Sequence[Row], number: int) -> float:
    """AUROC where outcomes went to other arms at random: what is above 0.5 there has leaked."""
    experience = _experience(rows)
    gain = np.random.default_rng(number).permutation(experience.gain)
    told = forecast(in_folds(replace(experience, gain=gain)))
    return auroc(told.risk, told.negative)


def reliability(told: Told) -> list[dict[str, float]]:
    """Ten groups of equally many forecasts: the mean forecast, the share that came true, how many."""
    groups = np.array_split(np.argsort(told.risk, kind="stable"), _BINS)
    return [
        {
            "risk": round(float(told.risk[rows].mean()), 4),
            "negative": round(float(told.negative[rows].mean()), 4),
            "arms": len(rows),
        }
        for rows in groups
        if len(rows)
    ]


def _write(told: Told, data_sets: int) -> None:
    content = {
        "made_by": "python -m benchmarks selector",
        "targets": data_sets,
        "skill": round(skill(told.risk, told.negative, told.share), 4),
        "bins": reliability(told),
    }
    path = Path(autotransfer.__file__).parent / "experience" / FILE
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _row(name: str, told: Told) -> dict[str, Any]:
    return {
        "table": name,
        "arms": len(told.gain),
        "losses": float(told.negative.mean()),
        "AUROC": auroc(told.risk, told.negative),
        "Brier": brier(told.risk, told.negative),
        "Brier skill": skill(told.risk, told.negative, told.share),
        "calibration error": calibration_error(told.risk, told.negative),
        "covered": told.covered,
        "little evidence": told.little_evidence,
    }
