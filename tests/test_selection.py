"""Which trials go on, and in which order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.metrics import METRICS
from autotransfer.plugins import load_catalogue
from autotransfer.selection import Scored, finalists, merit, ranked, sides, top_scored
from autotransfer.trial import Choice, Status, TrialRecord

N = 30
Y = np.arange(N) % 2


def record(number: int, method: str = "pooled", source: str | None = "s", status=Status.COMPLETE) -> TrialRecord:
    return TrialRecord(number, Choice(method, source, None, {}), status, 0.5 if status is Status.COMPLETE else None)


def right_on(count: int, sure: float = 0.9) -> np.ndarray:
    """Probabilities that are right on the first ``count`` rows."""
    correct = np.where(np.arange(N) < count, sure, 1 - sure)
    second = np.where(Y == 1, correct, 1 - correct)
    return np.column_stack([1 - second, second])


def test_sides_are_complete_trials_with_predictions():
    methods = load_catalogue(()).methods
    records = [
        record(0, "no_transfer", None),
        record(1),
        record(2, status=Status.PRUNED),
        record(3, status=Status.FAILED),
        record(4, "uninstalled"),
        record(5),
    ]
    known = {number: right_on(number) for number in range(5)}  # those of trial 5 are lost
    transfer, baseline = sides(records, known, methods)
    assert [scored.record.number for scored in transfer] == [1]
    assert [scored.record.number for scored in baseline] == [0]
    np.testing.assert_array_equal(transfer[0].repeats[0], known[1])


@given(hits=st.lists(st.integers(0, N), min_size=1, max_size=8))
def test_more_hits_rank_higher_and_ties_go_by_number(hits):
    candidates = [Scored(record(number), (right_on(count),)) for number, count in enumerate(hits)]
    order = [scored.record.number for scored in ranked(candidates, Y, METRICS["accuracy"])]
    assert order == sorted(range(len(hits)), key=lambda number: (-hits[number], number))


def test_of_equal_hits_the_better_probabilities_rank_higher():
    """merit = (accuracy + 1 - Brier / 2) / 2: sure where it is right beats unsure."""
    unsure, sure = Scored(record(0), (right_on(N, 0.6),)), Scored(record(1), (right_on(N, 0.95),))
    assert ranked([unsure, sure], Y, METRICS["accuracy"]) == [sure, unsure]
    brier = METRICS["brier"].value(Y, right_on(N, 0.6))
    assert merit(unsure, Y, METRICS["accuracy"]) == pytest.approx((1 + 1 - brier / 2) / 2)


@pytest.mark.parametrize("name", ["log_loss", "rmse", "mae", "r2"])
def test_other_metrics_rank_by_themselves(name):
    metric = METRICS[name]
    rng = np.random.default_rng(0)
    y = rng.normal(size=N) if metric.regression else Y
    p = rng.normal(size=N) if metric.regression else right_on(20)
    assert merit(Scored(record(0), (p,)), y, metric) == pytest.approx(metric.score(y, p))


def test_fresh_rounds_are_averaged_and_the_first_is_left_out():
    """The search's own round, perfect here, says nothing once there are others."""
    metric = METRICS["accuracy"]
    singles = [merit(Scored(record(0), (right_on(count),)), Y, metric) for count in (10, 20)]
    both = Scored(record(0), (right_on(N),)).with_repeat(right_on(10)).with_repeat(right_on(20))
    assert len(both.repeats) == 3
    assert merit(both, Y, metric) == pytest.approx(np.mean(singles))


def test_without_labels_the_estimate_of_the_trial_stands():
    assert merit(Scored(record(0), (right_on(3),)), Y[:0], METRICS["accuracy"]) == 0.5


@settings(max_examples=40, deadline=None)
@given(trials=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, N)), max_size=12), count=st.integers(0, 5))
def test_finalists_are_the_best_and_at_most_two_of_one_arm(trials, count):
    """Greedy: going down the ranking, a candidate is taken unless its arm has two already or the places are full."""
    candidates = [Scored(record(i, source=arm), (right_on(hits),)) for i, (arm, hits) in enumerate(trials)]
    expected: list[Scored] = []
    for scored in ranked(candidates, Y, METRICS["accuracy"]):
        same = [other for other in expected if other.record.choice.arm == scored.record.choice.arm]
        if len(same) < 2 and len(expected) < count:
            expected.append(scored)
    assert finalists(candidates, Y, METRICS["accuracy"], count) == expected


def test_the_top_of_a_side_is_the_first_with_the_highest_validation_score():
    scores = [0.25, 0.75, None, 0.75, 0.5]
    records = [TrialRecord(n, Choice("m", None, None, {}), Status.COMPLETE, score) for n, score in enumerate(scores)]
    candidates = [Scored(record, (right_on(3),)) for record in records]
    assert top_scored(candidates).record.number == top_scored(candidates[::-1]).record.number == 1
