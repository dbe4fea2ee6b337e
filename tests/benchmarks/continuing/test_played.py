"""Whole streams on easy digits: the pattern of the scenarios, and the choice of a strength."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_continual.course import Scenario
from autotransfer_continual.ewc import Ewc
from autotransfer_continual.experience_replay import ExperienceReplay
from autotransfer_continual.progressive_networks import ProgressiveNetworks
from autotransfer_continual.sequential_fine_tuning import SequentialFineTuning

from benchmarks.continual import bars
from benchmarks.continuing.played import joint, play
from benchmarks.continuing.streams import split
from benchmarks.continuing.strengths import GRIDS, strongest
from benchmarks.harness import TABLE


def test_not_told_the_task_all_but_the_last_is_lost_without_replay(rows) -> None:
    """Class-incremental: 0, 0, 1 by sequential fine-tuning, far more by replay, all by joint training."""
    stream = split(rows, 0)
    settings = {"width": 32, "rate": 1e-2}
    R = play(SequentialFineTuning(**settings), stream, Scenario.CLASS, 0)
    assert R.shape == (4, 3)
    np.testing.assert_array_equal(R[-1], [0, 0, 1])
    assert play(ExperienceReplay(**settings), stream, Scenario.CLASS, 0)[-1].mean() > 0.8
    assert np.mean(joint(SequentialFineTuning(**settings), stream, Scenario.CLASS, 0)) > 0.8


def test_columns_are_played_too_and_keep_all(rows) -> None:
    R = play(ProgressiveNetworks(width=32, rate=1e-2), split(rows, 0), Scenario.TASK, 0)
    for task in range(3):
        assert len(set(R[task + 1 :, task])) == 1


def test_the_strength_is_the_best_of_its_grid(rows, monkeypatch) -> None:
    monkeypatch.setitem(GRIDS, "ewc", ({"weight": 1e12}, {"weight": 1.0}))
    accuracies = {1e12: 0.2, 1.0: 0.7}
    monkeypatch.setattr(
        "benchmarks.continuing.strengths.play",
        lambda method, stream, scenario, seed: np.full((2, 1), accuracies[method.weight]),
    )
    method, chosen = strongest(Ewc, split(rows, 0), Scenario.TASK, 3)
    assert method == Ewc(weight=1.0, epochs=3)
    assert chosen == {"weight": 1.0}
    assert strongest(SequentialFineTuning, split(rows, 0), Scenario.TASK, 3)[1] == {}


def test_bars_are_of_the_averages() -> None:
    """Task-incremental: shares of the gap between 0.6 and 1.0; class-incremental: replay over the better of the two."""
    told = {"sequential_fine_tuning": 0.6, "joint": 1.0, "ewc": 0.9, "learning_without_forgetting": 0.7}
    untold = {**told, "ewc": 0.2, "learning_without_forgetting": 0.25, "experience_replay": 0.85}
    tables = {"x, task-incremental": told, "x, class-incremental": untold}
    rows = [{TABLE: name, "method": m, "average": a} for name, table in tables.items() for m, a in table.items()]
    found = bars([*rows, {TABLE: "x, task-incremental: accuracies", "method": "ewc", "after 1": "99"}])
    assert [bar.value for bar in found] == pytest.approx([0.75, 0.25, 0.6, 0.2])
    assert [bar.met for bar in found] == [True, False, True, True]
