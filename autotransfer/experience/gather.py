"""From a finished run to its rows of experience."""

from __future__ import annotations

from collections.abc import Sequence

from autotransfer.experience.describe import about, kind, known
from autotransfer.experience.row import Row
from autotransfer.leaderboard import finished, half_width
from autotransfer.metrics import METRICS
from autotransfer.problem import Problem
from autotransfer.task import Source
from autotransfer.trial import Arm, RunRecord, TrialRecord

LEVEL = 0.9
_MEBIBYTE = 2**20


def gather(record: RunRecord, problem: Problem) -> list[Row]:
    """A row for each arm with a source that was tried; none of a target without labels, whose gains nobody knows.

    The arm's first finished trial, which has the method's defaults, speaks for it, against the first one without
    transfer with the same encoder (the first of all where there is none): the best of many trials would flatter those
    arms that were tried most.
    """
    if record.verdict.estimated:
        return []
    arms, alone = _by_arm(record.leaderboard)
    found = []
    for arm, trials in arms.items():
        source = problem.source(arm.source)
        if source is not None:
            found.append(_row(record, problem, source, trials, alone))
    return found


def gains_so_far(trials: Sequence[TrialRecord], metric: str) -> dict[Arm, float]:
    """Points that each arm with a source gained, of those whose first trial finished; as :func:`gather` has them."""
    arms, alone = _by_arm(trials)
    firsts = ((arm, _first(own)) for arm, own in arms.items() if arm.source is not None)
    known = ((arm, _gain(metric, first, alone)[0]) for arm, first in firsts)
    return {arm: gain for arm, gain in known if gain is not None}


def _by_arm(trials: Sequence[TrialRecord]) -> tuple[dict[Arm, list[TrialRecord]], list[TrialRecord]]:
    """Trials by arm, oldest first, and those without a source that finished."""
    arms: dict[Arm, list[TrialRecord]] = {}
    for trial in sorted(trials, key=lambda trial: trial.number):
        arms.setdefault(trial.choice.arm, []).append(trial)
    return arms, [trial for arm, own in arms.items() if arm.source is None for trial in own if finished(trial)]


def _first(trials: Sequence[TrialRecord]) -> TrialRecord:
    return next((trial for trial in trials if finished(trial)), trials[0])


def described(record_name: str, metric: str, problem: Problem, source: Source, method: str) -> Row:
    """An arm of which no more is known than the data: the row of a new one."""
    return Row(
        task=record_name,
        target=record_name,
        family=record_name,
        source=source.name,
        kind=kind(source),
        method=method,
        metric=metric,
        modality=str(problem.target.modality),
        status="new",
        about=about(problem, source),
    )


def _row(
    record: RunRecord, problem: Problem, source: Source, trials: Sequence[TrialRecord], alone: Sequence[TrialRecord]
) -> Row:
    first = _first(trials)
    new = described(record.name, record.metric, problem, source, first.choice.method)
    gain, low, high = _gain(record.metric, first, alone)
    return Row(
        new.task,
        new.target,
        new.family,
        new.source,
        new.kind,
        new.method,
        new.metric,
        new.modality,
        str(first.status),
        first.choice.encoder,
        new.about,
        known(record.evidence.get(source.name, {})),
        gain,
        low,
        high,
        first.seconds,
        None if first.footprint is None or first.footprint.memory is None else first.footprint.memory / _MEBIBYTE,
        first.error,
    )


def _gain(
    metric: str, trial: TrialRecord, alone: Sequence[TrialRecord]
) -> tuple[float | None, float | None, float | None]:
    """Points over the trial without transfer, and the t interval of the differences between paired folds."""
    same = [other for other in alone if other.choice.encoder == trial.choice.encoder]
    base = next(iter((*same, *alone)), None)
    if base is None or base.val_score is None or trial.val_score is None or not finished(trial):
        return None, None, None
    relative = metric in METRICS and METRICS[metric].relative
    point = 0.01 * (abs(base.val_score) if relative else 1.0)
    if point == 0:
        return None, None, None
    gain, half = (trial.val_score - base.val_score) / point, half_width(trial, base, LEVEL)
    return (gain, None, None) if half is None else (gain, gain - half / point, gain + half / point)
