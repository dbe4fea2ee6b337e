"""Score against size: the models that no smaller one equals."""

from __future__ import annotations

import math
from collections.abc import Sequence

from autotransfer.report import words
from autotransfer.report.types import Section, Table
from autotransfer.trial import RunRecord, Status, TrialRecord


def front(trials: Sequence[TrialRecord]) -> tuple[TrialRecord, ...]:
    """The Pareto front of score and parameters, best score first: each trial scores higher than every one that is as
    small or smaller. Refused trials, which show what a limit costs, take part."""
    known = [(t.footprint.parameters, t.val_score, t) for t in trials if t.footprint and t.val_score is not None]
    best, found = -math.inf, list[TrialRecord]()
    for _, score, trial in sorted(known, key=lambda item: (item[0], -item[1], item[2].number)):
        if score > best:
            best = score
            found.append(trial)
    return tuple(reversed(found))


def score_against_size(record: RunRecord) -> tuple[Section, ...]:
    """The front as a table; nothing where no trial was measured."""
    rows = tuple(
        (
            words.amount(trial.footprint.parameters),
            words.kilobytes(trial.footprint.bytes),
            words.milliseconds(trial.footprint.latency),
            str(trial.choice.arm),
            trial.choice.encoder or words.NONE,
            words.validation_score(record, trial.val_score),
            trial.error or "" if trial.status is Status.REFUSED else "yes",
        )
        for trial in front(record.leaderboard)
        if trial.footprint is not None
    )
    if not rows:
        return ()
    columns = ("parameters", "kB", "ms a row", "arm", "encoder", words.scored_by(record)[0], "may be shipped")
    note = (
        "The Pareto front of validation score and size: every other trial has a model at least as large and no better "
        "than one of these. Sizes hold the encoder. Times are those of one row that comes alone: the fastest of five "
        "calls on this machine, while the run's other work went on."
    )
    return (Section("Score against size", (), (Table(columns, rows, note),)),)
