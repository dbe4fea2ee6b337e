"""The guard's own trials: which jobs it runs, on which rows, and what follows when they do not end."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from autotransfer.bench import Bench
from autotransfer.data import Dataset, Modality
from autotransfer.evaluate import Outcome
from autotransfer.examine import FINALISTS, REPEATS, Examiner, Field, arm_risks
from autotransfer.executors.executor import Executor, Finished
from autotransfer.features import FeatureCache
from autotransfer.footprint import Footprint
from autotransfer.guard import Comparison
from autotransfer.metrics import METRICS
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.selection import Scored
from autotransfer.settings import Settings
from autotransfer.splits import Split, make_folds, scored_rows
from autotransfer.trial import Arm, Choice, Decision, Status, TrialRecord

N = 80
Y = np.arange(N) % 2
CATALOGUE = load_catalogue(())


def answers(accuracy: float, seed: int, n: int = N) -> np.ndarray:
    """Probabilities that are right with the given chance, row by row."""
    right = np.random.default_rng(seed).random(n) < accuracy
    second = np.where(right, Y[:n], 1 - Y[:n]).astype(float)
    return np.column_stack([1 - second, second])


class Answering(Executor):
    """``answer(job)`` gives predictions or None; keeps the jobs."""

    def __init__(self, answer) -> None:
        self.answer, self.jobs, self.open = answer, [], []

    @property
    def capacity(self) -> int:
        return 2

    def submit(self, job, limits) -> int:
        self.jobs.append(job)
        self.open.append(len(self.jobs) - 1)
        return len(self.jobs) - 1

    def wait(self, seconds: float) -> list[Finished]:
        finished, self.open = self.open, []
        outcomes = [(ticket, self.answer(self.jobs[ticket])) for ticket in finished]
        return [
            Finished(t, None, "failed", 1.0) if p is None else Finished(t, Outcome(p, (0.5,), {}), None, 1.0)
            for t, p in outcomes
        ]

    def abandon(self) -> None:
        self.open.clear()

    def close(self) -> None:
        self.abandon()


def scored(number: int, method: str, accuracy: float, source: str | None = None, l2: float = 1.0) -> Scored:
    params = {"learner": {"kind": "linear", "l2": l2}}
    record = TrialRecord(number, Choice(method, source, "standard", params), Status.COMPLETE, accuracy)
    return Scored(record, (answers(accuracy, number),))


def side(method: str, accuracies: list[float], source: str | None = None, first: int = 0) -> list[Scored]:
    """Trials with different settings, the best first."""
    return [scored(first + i, method, accuracy, source, 1.0 + i) for i, accuracy in enumerate(accuracies)]


def examiner(executor: Executor, split: Split | None = None, deadline: float | None = None) -> Examiner:
    target = Dataset("t", Modality.FEATURES, np.zeros((N, 2), np.float32), Y)
    bench = Bench(Problem("p", target, ("a", "b")), {}, FeatureCache(None), METRICS["accuracy"])
    split = split or Split(make_folds(Y, classes=True, seed=0), np.empty(0, np.int64))
    return Examiner(bench, executor, CATALOGUE, Settings(), split, deadline or time.monotonic() + 1000)


def by_method(transfer: float, baseline: float):
    """Answers as right as the method is; each job has its own luck."""

    def answer(job):
        n = len(scored_rows(job.folds))
        return answers(transfer if job.method.name == "pooled" else baseline, job.seed + len(job.folds[0].train), n)

    return answer


def test_finalists_of_both_sides_get_fresh_rounds_of_folds():
    """min(count, FINALISTS) of each side (two of one arm at most for transfer), REPEATS rounds, none of them the
    search's, each a partition of the rows."""
    executor = Answering(by_method(0.9, 0.6))
    field = Field(
        Y, side("pooled", [0.9, 0.85, 0.8], "s") + side("pooled", [0.7], "t", 5), side("no_transfer", [0.6], None, 9)
    )
    examined = examiner(executor).examine(field)
    configured = [(job.method.params()["learner"]["l2"], job.source) for job in executor.jobs]
    assert len(set(configured)) == 2 + 1 + 1 <= 2 * FINALISTS
    assert all(configured.count(key) == REPEATS for key in configured)
    rounds = {tuple(tuple(fold.score) for fold in job.folds) for job in executor.jobs}
    assert len(rounds) == REPEATS
    assert tuple(tuple(fold.score) for fold in make_folds(Y, classes=True, seed=0)) not in rounds
    for job in executor.jobs:
        np.testing.assert_array_equal(scored_rows(job.folds), np.arange(N))
    assert examined.transfer.arm in (Arm("pooled", "s"), Arm("pooled", "t"))
    assert examined.baseline.arm == Arm("no_transfer")
    assert examined.ruling.decision is Decision.TRANSFER


def test_luck_of_one_round_does_not_ship_a_transfer():
    """Validation flatters the transfer (0.95); fresh rounds say 0.5 against 0.9."""
    field = Field(Y, side("pooled", [0.95], "s"), side("no_transfer", [0.9], None, 5))
    examined = examiner(Answering(by_method(0.5, 0.9))).examine(field)
    assert examined.ruling.decision is Decision.DO_NOT_TRANSFER
    assert examined.ruling.comparison.mean < 0


def test_without_time_the_guard_rules_on_what_the_search_found():
    executor = Answering(by_method(0.9, 0.9))
    field = Field(Y, side("pooled", [0.9], "s"), side("no_transfer", [0.6], None, 5))
    examined = examiner(executor, deadline=time.monotonic() - 1).examine(field)
    assert not executor.jobs
    assert examined.ruling.comparison.n == N


def test_jobs_of_the_guard_that_fail_leave_the_others():
    executor = Answering(lambda job: None if len(job.folds[0].train) % 2 else answers(0.8, job.seed))
    field = Field(Y, side("pooled", [0.9], "s"), side("no_transfer", [0.6], None, 5))
    assert examiner(executor).examine(field).ruling is not None


@pytest.mark.parametrize("empty", ["transfer", "baseline", "both"])
def test_without_two_sides_there_is_nothing_to_rule(empty):
    transfer = side("pooled", [0.7, 0.9], "s") if empty == "baseline" else []
    baseline = side("no_transfer", [0.6, 0.8]) if empty == "transfer" else []
    executor = Answering(lambda job: None)
    examined = examiner(executor).examine(Field(Y, transfer, baseline))
    assert examined.ruling is None
    assert (examined.transfer is None) == (not transfer)
    assert (examined.baseline is None) == (not baseline)
    assert not executor.jobs
    best = examined.transfer or examined.baseline
    assert best is None or best.params["learner"]["l2"] == 2.0


CONFIRM = np.arange(0, N, 4)
HELD_OUT = Split(make_folds(Y, classes=True, seed=0)[:1], CONFIRM)


def held_out_field() -> Field:
    rows = scored_rows(HELD_OUT.folds)
    cut = [
        [Scored(s.record, (s.repeats[0][rows],)) for s in chosen]
        for chosen in (side("pooled", [0.7, 0.9], "s"), side("no_transfer", [0.6, 0.55], None, 5))
    ]
    return Field(Y[rows], cut[0], cut[1])


def test_confirm_rows_judge_models_that_never_saw_them():
    """Winner and baseline alone, with fresh seeds, trained on all rows but the confirm rows, judged on those."""
    executor = Answering(lambda job: np.eye(2)[Y[CONFIRM] if job.method.name == "pooled" else 0 * CONFIRM])
    examined = examiner(executor, HELD_OUT).examine(held_out_field())
    for job in executor.jobs:
        (fold,) = job.folds
        np.testing.assert_array_equal(fold.score, CONFIRM)
        np.testing.assert_array_equal(fold.train, np.setdiff1d(np.arange(N), CONFIRM))
    assert {job.method.name for job in executor.jobs} == {"pooled", "no_transfer"}
    seeds = [job.seed for job in executor.jobs if job.method.name == "pooled"]
    assert len(seeds) == len(set(seeds)) == 3
    expected = 1 - np.mean(Y[CONFIRM] == 0)
    assert examined.ruling.comparison.mean == pytest.approx(expected)
    assert examined.ruling.comparison.n == len(CONFIRM)
    assert examined.transfer.params["learner"]["l2"] == 2.0


@pytest.mark.parametrize("broken", ["pooled", "no_transfer"])
def test_a_side_that_fails_on_the_confirm_rows_leaves_no_ruling(broken):
    executor = Answering(lambda job: None if job.method.name == broken else np.eye(2)[Y[CONFIRM]])
    assert examiner(executor, HELD_OUT).examine(held_out_field()).ruling is None


@pytest.mark.parametrize("metric", ["accuracy", "roc_auc"])
def test_risks_are_probabilities_that_follow_the_evidence(metric):
    field = Field(
        Y,
        side("pooled", [0.98, 0.95], "good") + side("pooled", [0.4], "bad", 4),
        side("no_transfer", [0.7, 0.65], None, 8),
    )
    risks = arm_risks(field, METRICS[metric], 0)
    assert set(risks) == {Arm("pooled", "good"), Arm("pooled", "bad")}
    assert 0 <= risks[Arm("pooled", "good")] < 0.05
    assert 0.95 < risks[Arm("pooled", "bad")] <= 1
    assert arm_risks(Field(Y, field.transfer, []), METRICS[metric], 0) == {}


def comparisons(alone: float, average: float, error: float = 0.02) -> list[Comparison]:
    return [Comparison(mean, error, N, 0.7) for mean in (alone, average)]


def tops(transfer: int, baseline: int) -> tuple[Scored, Scored]:
    """The best of each side, with so many parameters."""
    choices = Choice("pooled", "s", "standard", {}), Choice("no_transfer", None, "standard", {})
    first, second = (
        TrialRecord(number, choice, Status.COMPLETE, 0.5, footprint=Footprint(size, 4 * size, 0.0))
        for number, (choice, size) in enumerate(zip(choices, (transfer, baseline), strict=True))
    )
    return Scored(first, ()), Scored(second, ())


@pytest.mark.parametrize(("room", "averaged"), [(None, True), (30, True), (29, False)])
def test_an_average_is_as_large_as_both_models(room, averaged):
    """10 and 20 parameters; each alone is within the budget."""
    asked = examiner(Answering(by_method(0.9, 0.6)))
    asked = replace(asked, settings=replace(asked.settings, max_params=room))
    found = asked._ruled(comparisons(0.10, 0.12), tops(10, 20))
    assert found.averaged is averaged
    assert found.ruling.comparison.mean == (0.12 if averaged else 0.10)


@pytest.mark.parametrize(
    ("alone", "average", "averaged", "decision"),
    [
        (0.10, 0.06, False, Decision.TRANSFER),
        (0.10, 0.12, True, Decision.TRANSFER),
        (0.01, 0.06, True, Decision.TRANSFER),
        (0.01, 0.01, False, Decision.INCONCLUSIVE),
        (-0.01, 0.06, False, Decision.DO_NOT_TRANSFER),
    ],
)
def test_the_average_is_shipped_where_it_may_be_and_promises_more(alone, average, averaged, decision):
    """An average that passes goes before a transfer that fails or gains less, if the transfer gains at all."""
    found = examiner(Answering(by_method(0.9, 0.6)))._ruled(comparisons(alone, average), tops(10, 10))
    assert found.averaged is averaged
    assert found.ruling.decision is decision
    assert found.ruling.comparison.mean == (average if averaged else alone)
