"""Scoring a finished run: the shipped model and refits of its trials, on the rows of the test file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.job import fit
from autotransfer.run import Run
from autotransfer.settings import Settings
from autotransfer.trial import Arm, Choice
from benchmarks.arms import Refit, Saved
from benchmarks.judge import Played, best_trials, judge
from benchmarks.one_run import losses_of
from benchmarks.tasks.rows import Rows
from benchmarks.tasks.task import Parts, Recipe, Task


def blobs(n: int, seed: int) -> Rows:
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    table = pd.DataFrame(rng.normal(size=(n, 3)) + 2.0 * y[:, None], columns=["a", "b", "c"])
    return Rows(table, np.where(y == 1, "yes", "no"))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Task, Run]:
    folder = tmp_path_factory.mktemp("task")
    recipe = Recipe("toy", lambda data, seed: Parts(blobs(30, 0), blobs(101, 1), {"other": blobs(60, 2)}))
    task = recipe.build(folder, 0, folder)
    settings = Settings(
        test=task.test, metric="accuracy", trials=4, methods=("no_transfer", "pooled"), workers=0, out=folder / "run"
    )
    return task, fit(task.target, task.sources, settings=settings)


def test_every_model_is_scored_on_every_test_row(played: tuple[Task, Run]) -> None:
    """Losses have one entry a test row; the shipped model's mean is the run's own test score."""
    task, run = played
    best = best_trials(run.record.leaderboard)
    losses = losses_of(
        task, {"shipped": Saved(run.folder / "model")} | {arm: Refit(trial.choice, 0) for arm, trial in best.items()}
    )
    assert set(losses) == {"shipped", Arm("no_transfer"), Arm("pooled", "other")}
    assert {values.shape for values in losses.values()} == {(101,)}
    assert 1 - losses["shipped"].mean() == pytest.approx(run.record.verdict.test_score)
    arms = {arm: values for arm, values in losses.items() if isinstance(arm, Arm)}
    outcome = judge(Played(task, 0, 1.0, run.record, losses["shipped"], arms))
    assert min(outcome.arms.values()) > 0.85
    assert not outcome.harmful


def test_a_model_that_cannot_be_fitted_is_left_out(played: tuple[Task, Run], capfd: pytest.CaptureFixture[str]) -> None:
    """A refit that fails loses its own score and says why; the others are scored."""
    task, run = played
    models = {"broken": Refit(Choice("no_such_method", None, None, {}), 0), "shipped": Saved(run.folder / "model")}
    assert set(losses_of(task, models)) == {"shipped"}
    assert "no_such_method" in capfd.readouterr().err
