"""The Pareto front of score and size."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autotransfer.footprint import Footprint
from autotransfer.report.front import front, score_against_size
from autotransfer.trial import Choice, Status, TrialRecord


def trial(number: int, score: float | None, parameters: int | None, status: Status = Status.COMPLETE) -> TrialRecord:
    footprint = None if parameters is None else Footprint(parameters, 4 * parameters, 0.001)
    return TrialRecord(number, Choice(f"m{number}", None, None, {}), status, score, footprint=footprint)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5)), max_size=12))
def test_the_front_is_what_no_other_trial_dominates(pairs):
    """By all pairs: dominated means another is as good and as small, and better in one, or equal and earlier."""
    trials = [trial(number, float(score), size) for number, (score, size) in enumerate(pairs)]

    def dominates(a, b):
        as_good = a.val_score >= b.val_score and a.footprint.parameters <= b.footprint.parameters
        same = (a.val_score, a.footprint.parameters) == (b.val_score, b.footprint.parameters)
        return as_good and (not same or a.number < b.number)

    expected = {b.number for b in trials if not any(dominates(a, b) for a in trials if a is not b)}
    found = front(trials)
    assert {t.number for t in found} == expected
    assert list(found) == sorted(found, key=lambda t: -t.val_score)


def test_trials_without_score_or_size_have_no_place():
    assert front([trial(0, None, 5), trial(1, 0.5, None), trial(2, None, None, Status.FAILED)]) == ()


def test_refused_trials_are_in_it_with_their_reason(record):
    refused = replace(trial(1, 0.9, 2_500_000, Status.REFUSED), error="2500000 parameters are more than --max-params 9")
    board = (trial(0, 0.8, 1200), refused, trial(2, 0.7, 1300))
    (section,) = score_against_size(replace(record, leaderboard=board))
    (table,) = section.tables
    assert [row[:4] for row in table.rows] == [("2.5M", "10000", "1", "m1"), ("1.2k", "4.8", "1", "m0")]
    assert [row[-1] for row in table.rows] == [refused.error, "yes"]


def test_runs_of_earlier_versions_have_no_such_section(record):
    assert score_against_size(record) == ()
