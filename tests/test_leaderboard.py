"""Leaderboards against computations of their own with pandas and scipy."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from autotransfer.footprint import Footprint
from autotransfer.leaderboard import COLUMNS, compare, leaderboard_csv, ranked
from autotransfer.trial import Choice, Decision, RunRecord, Status, TrialRecord, Verdict

METHODS = ("no_transfer", "pooled", "coral", "mmd")


def _trial(number, method="pooled", score=0.5, *, gain=None, status=Status.COMPLETE, error=None, encoder="tfidf"):
    choice = Choice(method, "dvd", encoder, {"l2": 0.1, "learner": {"kind": "tree"}})
    return TrialRecord(number, choice, status, score, gain, 1.25, error)


def _record(trials, metric="accuracy"):
    verdict = Verdict(Decision.TRANSFER, "", Choice("pooled", "dvd", None, {}))
    return RunRecord("run", "finished", metric, True, {}, {}, {}, {}, {}, verdict, leaderboard=tuple(trials))


SCORES = st.lists(st.tuples(st.sampled_from(METHODS), st.integers(0, 4)), min_size=1, max_size=12)


def _run(scores):
    """Integer scores, so that ties occur; the gain is over the best no-transfer trial, if there is one."""
    base = max((score for method, score in scores if method == "no_transfer"), default=None)
    return _record(
        _trial(number, method, score / 4, gain=None if base is None else (score - base) / 4)
        for number, (method, score) in enumerate(scores)
    )


@given(st.lists(SCORES, min_size=1, max_size=5))
def test_compare_against_pandas_and_rankdata(runs):
    """Mean rank, wins, mean gain, negative-transfer rate and runs, recomputed from a table run × method."""
    best = pd.DataFrame([pd.DataFrame(run, columns=["m", "s"]).groupby("m")["s"].max() / 4 for run in runs])
    best = best.reindex(columns=list(METHODS)).reset_index(drop=True)
    ranks = best.copy()
    for run in range(len(best)):
        there = best.loc[run].notna()
        ranks.loc[run, there] = rankdata(-best.loc[run, there].to_numpy(float), method="average")
    gains = best.sub(best["no_transfer"], axis=0)
    found = {standing.method: standing for standing in compare([_run(run) for run in runs]).standings}
    assert set(found) == {method for method in METHODS if best[method].notna().any()}
    for method, standing in found.items():
        assert standing.mean_rank == pytest.approx(ranks[method].mean())
        assert standing.wins == int((best[method] == best.max(axis=1)).sum())
        assert standing.runs == int(best[method].notna().sum())
        known = gains[method].dropna()
        if known.empty:
            assert standing.mean_gain is standing.negative_transfer is None
        else:
            assert standing.mean_gain == pytest.approx(known.mean())
            assert standing.negative_transfer == pytest.approx((known < 0).mean())


def test_the_best_mean_rank_comes_first():
    comparison = compare([_run([("pooled", 3), ("coral", 1), ("no_transfer", 2)]), _run([("pooled", 4), ("coral", 1)])])
    assert [standing.method for standing in comparison.standings] == ["pooled", "no_transfer", "coral"]


def test_methods_that_finished_nothing_have_no_standing():
    trials = [_trial(0), _trial(1, "coral", None, status=Status.FAILED), _trial(2, "mmd", math.nan)]
    assert [standing.method for standing in compare([_record(trials)]).standings] == ["pooled"]


def test_gains_by_unlike_metrics_are_not_averaged():
    runs = [_record([_trial(0, gain=0.1)]), _record([_trial(0, gain=-2.0)], metric="rmse")]
    (standing,) = compare(runs).standings
    assert standing.mean_gain is None
    assert standing.negative_transfer == 0.5


def test_no_runs_have_no_standings():
    assert compare([]).standings == ()


@given(st.permutations(range(8)))
def test_ranked_puts_scores_first_then_pruned_then_failed(order):
    """The order of merit does not depend on the order of the trials."""
    trials = [
        _trial(0, score=0.9),
        _trial(1, score=0.5),
        _trial(2, score=0.5),
        _trial(3, score=-1.0),
        _trial(4, score=math.nan),
        _trial(5, score=0.99, status=Status.PRUNED),
        _trial(6, score=None, status=Status.PRUNED),
        _trial(7, score=None, status=Status.FAILED),
    ]
    assert [trial.number for trial in ranked([trials[index] for index in order])] == list(range(8))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=8))
def test_csv_reads_back_exactly(scores):
    """The very scores that were written are read, best first."""
    text = leaderboard_csv([_trial(number, score=score, gain=score) for number, score in enumerate(scores)])
    header, *rows = csv.reader(io.StringIO(text))
    assert tuple(header) == COLUMNS
    assert [row[0] for row in rows] == [str(rank) for rank in range(1, len(scores) + 1)]
    assert [float(row[4]) for row in rows] == [float(row[5]) for row in rows] == sorted(scores, reverse=True)


def test_csv_columns_are_the_documented_ones():
    assert (
        leaderboard_csv([]) == "rank,method,source,params,val_score,gain,seconds,status,error,"
        "parameters,bytes,latency,trained_parameters,trained_bytes,memory,forgetting\n"
    )


def test_csv_has_the_size_and_refused_trials_after_the_others():
    sized = replace(_trial(0, score=0.4), footprint=Footprint(1234, 5678, 0.25, memory=9))
    refused = replace(_trial(1, score=0.9, status=Status.REFUSED), error="too large")
    rows = list(csv.reader(io.StringIO(leaderboard_csv([refused, sized]))))
    assert rows[1][-7:] == ["1234", "5678", "0.250000", "", "", "9", ""]
    assert (rows[2][4], rows[2][7], rows[2][8]) == ("0.9", "refused", "too large")


def test_csv_has_what_was_trained_of_a_pretrained_network():
    tuned = replace(_trial(0), footprint=Footprint(1234, 5678, 0.25, 34, 136))
    rows = list(csv.reader(io.StringIO(leaderboard_csv([tuned]))))
    assert rows[1][-4:] == ["34", "136", "", ""]


def test_csv_params_are_json_with_the_encoder():
    row = pd.read_csv(io.StringIO(leaderboard_csv([_trial(0)]))).iloc[0]
    assert json.loads(row["params"]) == {"encoder": "tfidf", "l2": 0.1, "learner": {"kind": "tree"}}


def test_csv_errors_stay_in_their_cell():
    broken = _trial(0, score=None, status=Status.FAILED, error='line one\nline "two", with comma')
    text = leaderboard_csv([broken])
    assert len(text.splitlines()) == 2
    row = pd.read_csv(io.StringIO(text)).iloc[0]
    assert row["error"] == 'line one line "two", with comma'
    assert math.isnan(row["val_score"])


def test_csv_of_methods_without_a_source_or_encoder():
    trial = TrialRecord(0, Choice("no_transfer", None, None, {}), Status.COMPLETE, 0.5, 0.0, 1.0)
    assert leaderboard_csv([trial]).splitlines()[1] == "1,no_transfer,,{},0.5,0.0,1.000,complete,,,,,,,,"
