"""The leaderboard of arms, and the gains as bars."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from autotransfer.report.arms import every_trial, leaderboard, short_leaderboard
from autotransfer.trial import JudgedBy


def test_best_trial_of_each_arm_comes_first_and_roles_are_marked(record):
    table = leaderboard(record).tables[0]
    assert [(row[1], row[2], row[4], row[6], row[10]) for row in table.rows] == [
        ("pooled", "dvd", "0.810", "2", "shipped"),
        ("no_transfer", "–", "0.700", "1", "baseline"),
        ("coral", "music", "0.400", "1", ""),
    ]


def test_arms_without_a_score_say_why(record):
    assert leaderboard(record).tables[1].rows == (("coral × dvd", "1", "killed after 30 s"),)


def test_scores_are_in_the_metrics_own_direction(record, trials):
    errors = tuple(replace(trial, val_score=None if trial.val_score is None else -trial.val_score) for trial in trials)
    board = leaderboard(replace(record, greater_is_better=False, leaderboard=errors))
    assert board.tables[0].rows[0][4] == "0.400"
    assert "smaller accuracy" in board.tables[0].note


def test_whiskers_are_the_t_interval_of_paired_folds(record, trials):
    """gain ± t(n - 1, 0.95) s / sqrt(n), s over the paired differences; scipy.stats as oracle."""
    bar = leaderboard(record).bars[0].items[0]
    differences = np.subtract(trials[2].fold_scores, trials[0].fold_scores)
    low, high = stats.t.interval(0.9, len(differences) - 1, 0.11, stats.sem(differences))
    assert (bar.low, bar.high) == (pytest.approx(low), pytest.approx(high))
    assert bar.highlighted


def test_no_whiskers_without_paired_folds(record):
    assert [bar.low for bar in leaderboard(record).bars[0].items[1:]] == [None, None]


def test_the_short_one_says_what_it_leaves_out(record):
    board = short_leaderboard(record, 1)
    assert len(board.tables[0].rows) == 1
    assert "2 more arms" in board.tables[0].note
    assert not board.bars


def test_empty_runs_have_an_empty_board(record):
    board = leaderboard(replace(record, leaderboard=()))
    assert board.tables[0].rows == ()
    assert board.bars == ()


def test_every_trial_is_listed_with_its_settings(record):
    rows = every_trial(record).tables[0].rows
    assert len(rows) == 5
    assert rows[0][3] == "learner logistic (l2 0.25), weight 0.5"
    assert rows[-1][-1] == "killed after 30 s"


def test_long_runs_are_cut_and_say_so(record, trials):
    many = tuple(replace(trials[0], number=number) for number in range(250))
    table = every_trial(replace(record, leaderboard=many)).tables[0]
    assert len(table.rows) == 200
    assert table.note == "50 more trials are in leaderboard.csv."


def test_a_validators_scores_stand_under_its_name(record, verdict):
    judge = JudgedBy("entropy", in_metric=False, higher_is_better=False)
    judged = replace(record, verdict=replace(verdict, estimated=True, validator=judge))
    (table, *_) = leaderboard(judged).tables
    assert "entropy" in table.columns
    assert "accuracy" not in table.columns
    assert table.rows[0][table.columns.index("entropy")] == "−0.810"
    assert "smaller entropy is better" in table.note
    assert "entropy" in every_trial(judged).tables[0].columns


def test_estimates_are_called_so(record, verdict):
    guessed = replace(record, verdict=replace(verdict, estimated=True))
    assert "estimated accuracy" in leaderboard(guessed).tables[0].columns
    assert "estimates" in leaderboard(guessed).tables[0].note
    assert "estimated accuracy" in every_trial(guessed).tables[0].columns
