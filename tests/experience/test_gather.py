"""From a run to rows: which trial speaks for an arm, what it is compared with, and in which units."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.experience.gather import gains_so_far, gather
from autotransfer.footprint import Footprint
from autotransfer.problem import Problem
from autotransfer.task import Source
from autotransfer.trial import Arm, Choice, Decision, RunRecord, Status, TrialRecord, Verdict

TARGET = Dataset("t", Modality.FEATURES, np.zeros((8, 5)), np.array([0] * 6 + [1] * 2))
SOURCE = Source("s", Asset.SOURCE_INPUTS, Dataset("s", Modality.FEATURES, np.zeros((40, 5)), np.zeros(40, int)))
POOL = Source("all", Asset.SOURCE_INPUTS, replace(SOURCE.rows, domain=np.arange(40) % 4))
PROBLEM = Problem("p", TARGET, ("a", "b"), (SOURCE, POOL))


def trial(number, method, source, score, *, encoder="e", folds=(), status=Status.COMPLETE) -> TrialRecord:
    error = None if status is Status.COMPLETE else "it broke"
    return TrialRecord(number, Choice(method, source, encoder, {}), status, score, None, 2.0, error, tuple(folds))


def record(*trials: TrialRecord, metric: str = "accuracy", estimated: bool = False) -> RunRecord:
    verdict = Verdict(Decision.TRANSFER, "", trials[0].choice, estimated=estimated)
    evidence = {"s": {"mmd": 0.5, "leep": None}}
    return RunRecord("p", "done", metric, True, {}, {}, {}, evidence, {}, verdict, leaderboard=trials)


BASE = trial(0, "no_transfer", None, 0.70, folds=(0.6, 0.8, 0.7))
OTHER = trial(1, "no_transfer", None, 0.90, encoder="f")


def test_the_first_finished_trial_speaks_against_the_baseline_with_its_encoder():
    """0.75 - 0.70 is 5 points; a later, luckier trial and the better encoder's baseline change nothing."""
    first = trial(2, "pooled", "s", 0.75, folds=(0.7, 0.8, 0.75))
    lucky = trial(3, "pooled", "s", 0.99)
    (row,) = gather(record(lucky, OTHER, BASE, first), PROBLEM)
    assert row.gain == pytest.approx(5.0)
    interval = stats.ttest_1samp([0.1, 0.0, 0.05], 0).confidence_interval(0.9)
    assert (row.low, row.high) == pytest.approx((100 * interval.low, 100 * interval.high))
    assert row.scores == {"mmd": 0.5}
    assert (row.task, row.source, row.kind, row.seconds, row.status) == ("p", "s", "rows", 2.0, "complete")


def test_failures_are_rows_without_a_gain():
    broken = trial(2, "pooled", "all", None, status=Status.FAILED)
    (row,) = gather(record(BASE, broken), PROBLEM)
    assert (row.status, row.gain, row.error, row.kind) == ("failed", None, "it broke", "pool")


def test_errors_with_a_unit_count_in_per_cent_of_the_baselines():
    base, better = replace(BASE, val_score=-2.0), trial(1, "pooled", "s", -1.8)
    (row,) = gather(record(base, better, metric="rmse"), PROBLEM)
    assert row.gain == pytest.approx(10.0)


def test_scores_that_are_estimates_are_no_experience():
    assert gather(record(BASE, trial(1, "pooled", "s", 0.8), estimated=True), PROBLEM) == []


def test_without_a_baseline_no_gain_is_known():
    (row,) = gather(record(trial(1, "pooled", "s", 0.8)), PROBLEM)
    assert row.gain is None


def test_gains_so_far_are_those_of_the_rows():
    """Arms with a source whose first trial finished; what failed is not there."""
    trials = (BASE, OTHER, trial(2, "pooled", "s", 0.75), trial(3, "pooled", "s", 0.99))
    broken = trial(4, "coral", "s", None, status=Status.FAILED)
    assert gains_so_far((*trials, broken), "accuracy") == {Arm("pooled", "s"): pytest.approx(5.0)}


def test_memory_is_in_mebibytes():
    """That of the trial that speaks for the arm."""
    sized = replace(trial(2, "pooled", "s", 0.75), footprint=Footprint(1, 4, 0.1, memory=3 * 2**20))
    (row,) = gather(record(BASE, sized), PROBLEM)
    assert row.memory == pytest.approx(3.0)
