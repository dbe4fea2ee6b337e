"""The leaderboard: the best trial of each arm, their gains as bars, and every trial."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from autotransfer.average import members
from autotransfer.leaderboard import finished, half_width, ranked
from autotransfer.report import forgetting, words
from autotransfer.report.types import Bar, Bars, Section, Table
from autotransfer.trial import Arm, RunRecord, TrialRecord

LEVEL = 0.9
_MOST_TRIALS = 200
_MOST_BARS = 30


def leaderboard(record: RunRecord) -> Section:
    """The best trial of each arm, best first, and the gains as bars."""
    best = [trials[0] for trials in _by_arm(record.leaderboard).values() if finished(trials[0])]
    bars = _bars(record, best[:_MOST_BARS])
    return replace(short_leaderboard(record, None), bars=(bars,) if bars.items else ())


def short_leaderboard(record: RunRecord, most: int | None) -> Section:
    """The best trial of each arm, best first; ``most``: at most so many arms."""
    arms = _by_arm(record.leaderboard)
    done = [trials for trials in arms.values() if finished(trials[0])]
    tables = [_arms_table(record, done[:most], len(done))]
    broken = [trials for trials in arms.values() if not finished(trials[0])]
    if broken:
        tables.append(_broken_table(broken[:most], len(broken)))
    return Section("Leaderboard", (), tuple(tables))


def every_trial(record: RunRecord) -> Section:
    """All trials with their settings, in order of merit."""
    shown = ranked(record.leaderboard)[:_MOST_TRIALS]
    rows = tuple(
        (
            str(rank),
            str(trial.choice.arm),
            trial.choice.encoder or words.NONE,
            words.plain(trial.choice.params),
            words.validation_score(record, trial.val_score),
            words.signed(trial.gain),
            f"{trial.seconds:.1f}",
            *_size(trial),
            *forgetting.cell(record, trial),
            trial.error or trial.status.value,
        )
        for rank, trial in enumerate(shown, start=1)
    )
    left = len(record.leaderboard) - len(shown)
    note = f"{left} more trials are in leaderboard.csv." if left else ""
    score = words.scored_by(record)[0]
    columns = ("#", "arm", "encoder", "settings", score, "gain", "seconds", "size", "ms a row")
    return Section("Every trial", (), (Table((*columns, *forgetting.column(record), "status"), rows, note),))


def _by_arm(trials: Sequence[TrialRecord]) -> dict[Arm, list[TrialRecord]]:
    arms: dict[Arm, list[TrialRecord]] = {}
    for trial in ranked(trials):
        arms.setdefault(trial.choice.arm, []).append(trial)
    return arms


def _arms_table(record: RunRecord, shown: list[list[TrialRecord]], total: int) -> Table:
    rows = []
    for rank, trials in enumerate(shown, start=1):
        best = trials[0]
        rows.append(
            (
                str(rank),
                best.choice.method,
                best.choice.source or words.NONE,
                best.choice.encoder or words.NONE,
                words.validation_score(record, best.val_score),
                words.signed(best.gain),
                str(len(trials)),
                f"{best.seconds:.1f}",
                *_size(best),
                *forgetting.cell(record, best),
                _role(record, best.choice.arm),
            )
        )
    name, larger = words.scored_by(record)
    direction = "larger" if larger else "smaller"
    note = (
        f"Validation scores of each arm's best trial; {direction} {name} is better, a positive gain is better. "
        "Size: parameters."
    )
    if words.on_loan(record):
        note = (
            f"Each arm's best trial; {direction} {name} is better. The scores are estimates on classes of a source, "
            "not on the target's."
        )
    elif record.verdict.estimated:
        note = (
            f"Each arm's best trial; {direction} {name} is better. The scores are estimates without target labels, fit "
            "to rank arms: the true ones may be far off."
        )
    if len(shown) < total:
        note += f" {total - len(shown)} more arms are in the report."
    score = words.scored_by(record)[0]
    columns = ("#", "method", "source", "encoder", score, "gain", "trials", "seconds", "size", "ms a row")
    return Table((*columns, *forgetting.column(record), "role"), tuple(rows), note + forgetting.note(record))


def _size(trial: TrialRecord) -> tuple[str, str]:
    """Parameters, and the time for one row."""
    found = trial.footprint
    if found is None:
        return words.NONE, words.NONE
    return words.amount(found.parameters), words.milliseconds(found.latency)


def _role(record: RunRecord, arm: Arm) -> str:
    baseline = record.verdict.baseline
    roles = ["baseline"] if baseline is not None and arm == baseline.arm else []
    if arm in _shipped(record):
        roles.append("shipped" if len(_shipped(record)) == 1 else "shipped, averaged")
    return ", ".join(roles)


def _shipped(record: RunRecord) -> frozenset[Arm]:
    """The arm whose model is shipped, or those whose models are averaged."""
    return frozenset(member.arm for member in members(record.verdict.choice))


def _broken_table(shown: list[list[TrialRecord]], total: int) -> Table:
    rows = tuple(
        (str(trials[0].choice.arm), str(len(trials)), trials[0].error or trials[0].status.value) for trials in shown
    )
    note = "" if len(shown) == total else f"{total - len(shown)} more are in the report."
    return Table(("arm without a finished trial", "trials", "why"), rows, note)


def _bars(record: RunRecord, best: list[TrialRecord]) -> Bars:
    reference = next((trial for trial in best if trial.choice.source is None and trial.gain == 0.0), None)
    items = tuple(
        _bar(trial, reference, shipped=trial.choice.arm in _shipped(record))
        for trial in best
        if trial.gain is not None and math.isfinite(trial.gain)
    )
    note = ""
    if any(item.low is not None for item in items):
        note = (
            f"Whiskers: {100 * LEVEL:g} % t interval of the paired differences between folds. They ignore the search, "
            "which picked each arm's best trial; the guard's interval in the verdict does not."
        )
    return Bars(f"Gain in {record.metric} over the best no-transfer trial, validation, positive is better", items, note)


def _bar(trial: TrialRecord, reference: TrialRecord | None, *, shipped: bool) -> Bar:
    gain = trial.gain or 0.0
    half = None if reference is None else half_width(trial, reference, LEVEL)
    if half is None:
        return Bar(str(trial.choice.arm), gain, highlighted=shipped)
    return Bar(str(trial.choice.arm), gain, gain - half, gain + half, highlighted=shipped)
