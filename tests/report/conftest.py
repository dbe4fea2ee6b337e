"""A run's record with everything in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotransfer.trial import Choice, Decision, Interval, RunRecord, Skipped, Status, TrialRecord, Verdict


def _trial(number, method, source, score, *, status=Status.COMPLETE, error=None, folds=()):
    choice = Choice(method, source, "tfidf", {"learner": {"kind": "logistic", "l2": 0.25}, "weight": 0.5})
    gain = None if score is None else score - 0.70
    return TrialRecord(number, choice, status, score, gain, 2.5, error, folds)


@pytest.fixture
def trials() -> tuple[TrialRecord, ...]:
    return (
        _trial(0, "no_transfer", None, 0.70, folds=(0.6, 0.7, 0.8)),
        _trial(1, "pooled", "dvd", 0.78),
        _trial(2, "pooled", "dvd", 0.81, folds=(0.7, 0.83, 0.9)),
        _trial(3, "coral", "music", 0.40),
        _trial(4, "coral", "dvd", None, status=Status.FAILED, error="killed after 30 s"),
    )


@pytest.fixture
def verdict(trials) -> Verdict:
    return Verdict(
        Decision.TRANSFER,
        "The transfer candidate wins on 60 rows.",
        trials[2].choice,
        best_transfer=trials[2].choice,
        baseline=trials[0].choice,
        gain=Interval(0.11, 0.06, 0.16, 0.9),
        p_worse=0.0012,
    )


@pytest.fixture
def record(trials, verdict) -> RunRecord:
    return RunRecord(
        name="books",
        status="finished",
        metric="accuracy",
        greater_is_better=True,
        settings={"budget": 60.0, "storage": "postgresql://me:secret@host/db", "out": Path("runs/x")},
        data={"rows": 60},
        environment={"python": "3.12"},
        evidence={"dvd": {"mmd": 0.5, "leep": None}, "music": {"mmd": 1.5, "leep": -0.25}},
        risk={"dvd": {"pooled": 0.12, "coral": 0.0004}},
        verdict=verdict,
        skipped=(
            Skipped("hypernet", "dvd", "it needs a pretrained encoder as the source"),
            Skipped("finetune", "dvd", "it needs a pretrained encoder as the source"),
            Skipped("*", "radio", "no shared columns"),
        ),
        notes=("3 rows of dvd also stand in books: dropped from dvd",),
        trials_total=5,
        trials_failed=1,
        trials_pruned=0,
        seconds=58.2,
        created="2026-08-01T10:00:00+00:00",
        leaderboard=trials,
    )
