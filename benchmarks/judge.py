"""From a run's record and the test losses of its models to one outcome. Nothing here fits."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autotransfer.data import Array
from autotransfer.leaderboard import finished
from autotransfer.trial import Arm, RunRecord, TrialRecord
from benchmarks.outcome import Outcome, is_harmful, score
from benchmarks.tasks.task import Task

POOLED = "pooled"


def best_trials(leaderboard: Sequence[TrialRecord]) -> dict[Arm, TrialRecord]:
    """The best complete trial of each arm, see :func:`best_of`."""
    arms: dict[Arm, list[TrialRecord]] = defaultdict(list)
    for trial in leaderboard:
        if finished(trial):
            arms[trial.choice.arm].append(trial)
    return {arm: max(trials, key=_merit) for arm, trials in arms.items()}


@dataclass(frozen=True, eq=False)
class Played:
    """A finished run with the test losses, (n,), of its shipped model and of each arm's best trial."""

    task: Task
    seed: int
    seconds: float
    record: RunRecord
    shipped: Array
    arms: Mapping[Arm, Array]


def judge(played: Played) -> Outcome:
    """Scores of the run and whether it did harm. When the baseline is shipped, the two are one model."""
    task, record = played.task, played.record
    best = best_trials(record.leaderboard)
    baseline = best_of([trial for arm, trial in best.items() if arm.source is None])
    if baseline is None or baseline.choice.arm not in played.arms:
        return failed(task, played.seed, played.seconds, "its no-transfer trial has no test score")
    arms = dict(played.arms)
    if record.verdict.choice == baseline.choice:
        arms[baseline.choice.arm] = played.shipped
    scores = {arm: score(losses, regression=task.regression) for arm, losses in arms.items()}
    pooled = best_of([best[arm] for arm in scores if arm.method == POOLED])
    return Outcome(
        task.name,
        played.seed,
        task.poisoned,
        task.regression,
        played.seconds,
        decision=str(record.verdict.decision),
        arm=str(record.verdict.choice.arm),
        shipped=score(played.shipped, regression=task.regression),
        no_transfer=scores[baseline.choice.arm],
        pooled=None if pooled is None else scores[pooled.choice.arm],
        arms={str(arm): value for arm, value in scores.items()},
        harmful=is_harmful(played.shipped, arms[baseline.choice.arm], regression=task.regression),
    )


def failed(task: Task, seed: int, seconds: float, error: str) -> Outcome:
    """A run without a model, or without anything to compare it with."""
    return Outcome(task.name, seed, task.poisoned, task.regression, seconds, error=error)


def best_of(trials: Sequence[TrialRecord]) -> TrialRecord | None:
    """The trial with the highest validation score, the earliest among equals; None without trials."""
    return max(trials, key=_merit, default=None)


def _merit(trial: TrialRecord) -> tuple[float, int]:
    return (-math.inf if trial.val_score is None else trial.val_score), -trial.number
