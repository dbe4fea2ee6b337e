"""The 85 × 85 transfers between time series data sets of the UCR archive (Ismail Fawaz et al., IEEE Big Data 2018).

An honesty test. From the table alone nobody can tell a new target: what is right is to give the base rate, to say
"little evidence", and to have intervals that hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms, Experience
from autotransfer.foresight.folds import target_folds
from autotransfer.foresight.forecaster import fit
from benchmarks.harness import Arguments, Bar, at_least, at_most
from benchmarks.kernel_parts.part import Part
from benchmarks.selecting.held_out import Fold, Told, forecast
from benchmarks.selecting.scores import auroc, brier, skill
from benchmarks.selecting.strict import moved

_BRIER, _LEVEL, _CANARY, _EVERY, _WATCHED = 0.01, 0.9, 0.05, 5, 2


def measure(arguments: Arguments) -> Part:
    """Strict folds and careless ones, on the table and on a shuffled one, from which nothing can be learned.

    A fold is caught when it is more than 0.05 from an AUROC of 0.5 on the shuffled table, or when outcomes of the
    held-out target reach its forecasts.
    """
    gains = read(arguments.data)
    shuffled = _shuffle(gains)
    told = forecast(strict(gains, range(len(gains))))
    some = range(0, len(gains), _EVERY)
    canary = forecast(strict(shuffled, some))
    loose, loose_canary = forecast(careless(gains)), forecast(careless(shuffled))
    leak, loose_leak = _leak(gains, careful=True), _leak(gains, careful=False)
    strict_off, loose_off = (abs(auroc(each.risk, each.negative) - 0.5) for each in (canary, loose_canary))
    excess = brier(told.risk, told.negative) - brier(told.share, told.negative)
    rows = [
        _row("strict", told, leak),
        _row("strict, shuffled", canary, None),
        _row("careless", loose, loose_leak),
        _row("careless, shuffled", loose_canary, None),
    ]
    caught = loose_leak > 0 and loose_off > _CANARY
    bars = [
        at_most("UCR: Brier score above the base rate's", excess, _BRIER),
        at_least("UCR: gains inside the 90 % intervals", told.covered, _LEVEL),
        at_least('UCR: forecasts that say "little evidence"', told.little_evidence, 1.0),
        at_most("UCR: AUROC on shuffled outcomes, from 0.5", strict_off, _CANARY),
        at_most("UCR: change of forecasts by hidden outcomes", leak, 0.0),
        Bar("UCR: the careless fold is caught", float(caught), "1", caught),
    ]
    return Part(rows, bars)


def read(data: Path) -> Array:
    """(85, 85) points of accuracy gained by a source (row) on a target (column); NaN on the diagonal."""
    table = pd.read_csv(data / "meta_ucr_transfer" / "df_transfer.csv.gz", index_col=0)
    gains = table.loc[:, table.index].to_numpy(dtype=np.float64)
    np.fill_diagonal(gains, np.nan)
    return gains


def strict(gains: Array, targets: range) -> Iterator[Fold]:
    """Row and column of the held-out target are empty before any feature is computed.

    Of the other targets every second one tells the sources' records, and arms on the rest are what is learned from: so
    the folds inside of the learning are strict as well.
    """
    everything = _pairs(gains)
    for target in targets:
        hidden = gains.copy()
        hidden[target], hidden[:, target] = np.nan, np.nan
        others = np.delete(np.arange(len(gains)), target)
        records = _records(hidden[:, others[::2]])
        past = everything[np.isin(everything[:, 1], others[1::2]) & (everything[:, 0] != target)]
        new = everything[everything[:, 1] == target]
        yield str(target), _experience(records, past, gains), _experience(records, new, gains).arms, _of(gains, new)


def careless(gains: Array) -> Iterator[Fold]:
    """Features of the whole table, computed before the folds: what they must not do. Targets in five folds."""
    pairs = _pairs(gains)
    source, target = pairs.T
    columns = [
        np.nanmean(gains, axis=1)[source],
        np.nanmean(gains, axis=0)[target],
        np.nanmean(gains < 0, axis=0)[target],
    ]
    names = ("mean gain of the source", "mean gain on the target", "losses on the target")
    experience = Experience(
        _arms(np.column_stack(columns), names, pairs), _of(gains, pairs), np.full(len(pairs), np.nan)
    )
    for held in target_folds(experience.arms.targets):
        yield "several", experience.take(~held), experience.arms.take(held), experience.gain[held]


_RECORDS = ("mean gain elsewhere", "losses elsewhere", "spread elsewhere")


def _experience(records: Array, pairs: Array, gains: Array) -> Experience:
    arms = _arms(records[pairs[:, 0]], _RECORDS, pairs)
    return Experience(arms, _of(gains, pairs), np.full(len(pairs), np.nan))


def _records(seen: Array) -> Array:
    """(n, 3) of each source: mean gain, share of losses, standard deviation; NaN for a source that is hidden."""
    known = ~np.isnan(seen)
    count = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, seen, 0.0).sum(axis=1) / count
    losses = (np.where(known, seen, 0.0) < 0).sum(axis=1) / count
    spread = np.sqrt(np.where(known, np.square(seen - mean[:, None]), 0.0).sum(axis=1) / count)
    found = np.column_stack([mean, losses, spread])
    found[~known.any(axis=1)] = np.nan
    return found


def _pairs(gains: Array) -> Array:
    return np.argwhere(~np.eye(len(gains), dtype=bool))


def _of(gains: Array, pairs: Array) -> Array:
    return np.asarray(gains[pairs[:, 0], pairs[:, 1]])


def _arms(features: Array, names: tuple[str, ...], pairs: Array) -> Arms:
    source, target = (pairs[:, column].astype(str).astype(object) for column in (0, 1))
    return Arms(features, names, source[:, None], target, target)


def _shuffle(gains: Array) -> Array:
    """The same outcomes in other places."""
    pairs, mixed = _pairs(gains), gains.copy()
    mixed[pairs[:, 0], pairs[:, 1]] = np.random.default_rng(0).permutation(_of(gains, pairs))
    return mixed


def _leak(gains: Array, *, careful: bool) -> float:
    """Largest change of forecast risks of the first targets when their outcomes become noise."""
    pairs = _pairs(gains)

    def told_with(target: int, outcome: Array) -> Array:
        table = gains.copy()
        table[pairs[:, 0], pairs[:, 1]] = outcome
        if careful:
            _, past, new, _ = next(strict(table, range(target, target + 1)))
        else:
            _, past, new, _ = next(fold for fold in careless(table) if str(target) in fold[2].targets)
            new = new.take(new.targets == str(target))
        return np.array([outlook.risk for outlook in fit(past).forecast(new)])

    return max(
        moved(partial(told_with, target), _of(gains, pairs), (pairs == target).any(axis=1))
        for target in range(_WATCHED)
    )


def _row(name: str, told: Told, leak: float | None) -> dict[str, Any]:
    return {
        "table": "UCR",
        "selector": name,
        "covered": told.covered,
        "AUROC": auroc(told.risk, told.negative),
        "Brier skill": skill(told.risk, told.negative, told.share),
        "little evidence": told.little_evidence,
        "leak": leak,
    }
