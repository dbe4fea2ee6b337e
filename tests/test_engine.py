"""The engine of one run, resumed and not, with jobs in this process; and arms that are too risky to try."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.engine import Engine, acceptable
from autotransfer.equip import equip
from autotransfer.errors import InputError
from autotransfer.evaluate import run_job
from autotransfer.executors.inprocess import InProcess
from autotransfer.plugins import load_catalogue
from autotransfer.problem import Problem
from autotransfer.progress import Progress
from autotransfer.selector import Chooser, Forecast, Ranking
from autotransfer.session import Clock, Session
from autotransfer.settings import Settings
from autotransfer.splits import make_split
from autotransfer.store import RunFolder
from autotransfer.task import Source
from autotransfer.trial import Status

CATALOGUE = load_catalogue(())
LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


class Told(Progress):
    """Keeps what it is told."""

    def __init__(self):
        self.trials = []

    def stage(self, words):
        """Nothing."""

    def trial(self, record, best, arms, seconds_left):
        self.trials.append((record, best, arms, seconds_left))

    def close(self):
        """Nothing."""


def rows(n: int, seed: int) -> Dataset:
    X = np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)
    return Dataset(f"d{seed}", Modality.FEATURES, X, (X[:, 0] > 0).astype(int))


@pytest.fixture
def session(tmp_path) -> Session:
    problem = Problem("p", rows(30, 0), ("a", "b"), (Source("s", LABELED, rows(30, 1), ("a", "b")),))
    settings = Settings(methods=("pooled", "source_only"), trials=5, workers=0)
    clock = Clock(time.monotonic(), 600.0)
    return Session(settings, RunFolder(tmp_path), clock, Told(), CATALOGUE, problem, {})


def engine_of(session: Session, chooser: Chooser | None = None) -> tuple[Engine, list[Forecast]]:
    space, bench = equip(session.problem, CATALOGUE, session.settings, session.skipped)
    split = make_split(session.problem.target.labels, classes=True, seed=0)
    forecasts = [Forecast(arm, None, None) for arm in space.arms]
    return Engine(
        session, space, bench, split, InProcess(run_job, bench), Ranking(tuple(forecasts), chooser)
    ), forecasts


def test_the_baseline_comes_first_and_gains_are_over_its_best(session):
    engine, _ = engine_of(session)
    assert engine.baselines() == ("no_transfer",)
    engine.evaluate_baseline()
    assert {record.choice.method for record in engine.leaderboard()} == {"no_transfer"}
    engine.search()
    board = engine.leaderboard()
    assert len(board) == 5
    best = max(record.val_score for record in board if record.choice.method == "no_transfer")
    assert [record.gain for record in board] == pytest.approx([record.val_score - best for record in board])


def test_the_baseline_has_seconds_of_its_own_however_short_the_budget_is(session):
    """Each trial may take a fifth of the budget, here a nanosecond; those of the baseline ten seconds at least."""
    session.clock = Clock(time.monotonic() - 1.0, 5e-9)
    engine, _ = engine_of(session)
    engine.evaluate_baseline()
    engine.search()
    assert [str(record.status) for record in engine.leaderboard()] == ["complete"]


def test_a_search_of_few_rows_ends_by_itself(session):
    """Every arm with every encoder, then a proposal for every second row: planned ones + 15 for 30 rows, no more."""
    session.settings = replace(session.settings, trials=None)
    engine, forecasts = engine_of(session)
    engine.search()
    planned = sum(len(engine.space.encoders[forecast.arm]) for forecast in forecasts)
    assert len(engine.leaderboard()) == planned + 15


def test_a_refused_trial_is_no_baseline_and_is_not_shipped(session):
    """With room for the encoder and a linear model alone, models that keep rows or trees are refused."""
    session = replace(session, settings=replace(session.settings, max_params=20, trials=12))
    engine, _ = engine_of(session)
    engine.evaluate_baseline()
    engine.search()
    board = engine.leaderboard()
    refused = [record for record in board if record.status is Status.REFUSED]
    assert refused
    assert all(record.footprint.parameters > 20 and "--max-params 20" in record.error for record in refused)
    field, _ = engine.guard(repeats=False)
    numbers = {scored.record.number for side in (field.transfer, field.baseline) for scored in side}
    assert numbers == {record.number for record in board if record.status is Status.COMPLETE}
    baselines = [r.val_score for r in board if r.choice.method == "no_transfer" and r.status is Status.COMPLETE]
    assert all(r.gain == pytest.approx(r.val_score - max(baselines)) for r in board if r.gain is not None)


def test_a_chooser_says_what_comes_next(session):
    """It is asked before each trial of what waits and of what has ended; here it turns the order round."""

    class Backwards(Chooser):
        asked: ClassVar[list[tuple[int, int]]] = []

        def order(self, waiting, trials, metric):
            self.asked.append((len(waiting), len(trials)))
            assert metric == "accuracy"
            return tuple(reversed(waiting))

    session.settings = replace(session.settings, trials=3)
    engine, forecasts = engine_of(session, Backwards())
    engine.search()
    arms = [record.choice.arm for record in sorted(engine.leaderboard(), key=lambda record: record.number)]
    transfer = [arm for arm in arms if arm.source is not None]
    assert transfer == [f.arm for f in reversed(forecasts) if f.arm.source is not None][: len(transfer)]
    assert Backwards.asked[0] == (len(forecasts), 0)


def test_progress_and_log_hear_of_every_trial(session):
    engine, _ = engine_of(session)
    engine.search()
    told = session.progress.trials
    assert [record.number for record, *_ in told] == list(range(5))
    scores = [record.val_score for record, *_ in told]
    assert [best.val_score for _, best, *_ in told] == [max(scores[: index + 1]) for index in range(5)]
    assert told[-1][2] == (3, 3)
    assert all(left > 0 for *_, left in told)
    logged = [json.loads(line) for line in (session.folder.path / "log.jsonl").read_text().splitlines()]
    assert [(event["number"], event["score"]) for event in logged] == list(enumerate(scores))


def test_a_second_engine_on_the_folder_has_the_trials_and_their_predictions(session):
    """What the guard sees of them is the same."""
    first, _ = engine_of(session)
    first.search()
    second, _ = engine_of(session)
    assert second.leaderboard() == first.leaderboard()
    fields = [engine.guard(repeats=False)[0] for engine in (first, second)]
    for sides in zip(*((field.transfer, field.baseline) for field in fields), strict=True):
        for one, other in zip(*sides, strict=True):
            assert one.record == other.record
            np.testing.assert_array_equal(one.repeats[0], other.repeats[0])


def test_a_trial_whose_predictions_are_lost_stays_on_the_leaderboard_but_not_in_the_guard(session):
    first, _ = engine_of(session)
    first.search()
    (session.folder.path / "predictions" / "000000.npy").unlink()
    second, _ = engine_of(session)
    field, _ = second.guard(repeats=False)
    assert len(second.leaderboard()) == 5
    assert 0 not in {scored.record.number for scored in (*field.transfer, *field.baseline)}


@pytest.mark.parametrize("most", [None, 0.25, 0.5, 1.0])
def test_arms_above_the_allowed_risk_are_skipped_with_the_number(session, most):
    """kept = {arm: risk unknown or <= most}."""
    session.settings = Settings(max_risk=most)
    space, _ = equip(session.problem, CATALOGUE, session.settings, session.skipped)
    session.skipped.clear()
    risks = {arm: None if arm.source is None else index / 10 for index, arm in enumerate(space.arms)}
    ranking = Ranking(tuple(Forecast(arm, None, risk) for arm, risk in risks.items()))
    kept, left = acceptable(session, space, ranking)
    expected = [arm for arm, risk in risks.items() if most is None or risk is None or risk <= most]
    assert list(kept.arms) == [forecast.arm for forecast in left.forecasts] == expected
    assert {(item.method, item.source) for item in session.skipped} == {
        (arm.method, arm.source) for arm in space.arms if arm not in expected
    }
    assert all(f"--max-risk {most:g}" in item.reason for item in session.skipped)


def test_when_every_arm_is_too_risky_there_is_one_line(session):
    session.settings = Settings(max_risk=0.5, exclude=("no_transfer",))
    space, _ = equip(session.problem, CATALOGUE, session.settings, [])
    with pytest.raises(InputError, match=r"--max-risk 0\.5"):
        acceptable(session, space, Ranking(tuple(Forecast(arm, None, 0.9) for arm in space.arms)))
