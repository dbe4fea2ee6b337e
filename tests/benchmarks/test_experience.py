"""The shipped experience: breadth first, none of the test's targets, honest gains, and an interrupted run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from autotransfer.experience.row import Row
from benchmarks import experience
from benchmarks.experiencing.outcomes import gain_of
from benchmarks.experiencing.plan import BUDGETS, Plan, plans
from benchmarks.experiencing.populations import POPULATIONS, Population
from benchmarks.experiencing.shifts import RUINS, near_and_far, ruined
from benchmarks.tasks.rows import Rows
from benchmarks.tasks.task import Recipe

TEST_TARGETS = ("books", "dvd", "electronics", "kitchen", "dslr", "webcam", "usps", "cleveland", "red", "comp", "rec")


def table(n: int) -> Rows:
    """Four columns that share a factor."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 1)) + 0.5 * rng.normal(size=(n, 4))
    return Rows(X.astype(np.float32), rng.integers(0, 3, n))


def test_no_target_of_the_main_job_is_played():
    names = [population.name for population in POPULATIONS]
    assert not [name for name in names if any(name.endswith(f"-{taken}") for taken in TEST_TARGETS)]
    assert len(set(names)) >= 40


def test_every_data_set_comes_once_before_any_comes_again():
    found = plans()
    first = found[: len(POPULATIONS)]
    assert [plan.population for plan in first] == list(POPULATIONS)
    assert {plan.budget for plan in first} == set(BUDGETS)
    assert len({plan.recipe.name for plan in found}) == len(found) == len(BUDGETS) * len(POPULATIONS)


def test_gain_of_classes_is_a_paired_difference():
    rng = np.random.default_rng(0)
    base, arm = rng.integers(0, 2, 300).astype(float), rng.integers(0, 2, 300).astype(float)
    mean, low, high = gain_of(base, arm, regression=False)
    assert mean == pytest.approx(100 * (base.mean() - arm.mean()))
    exact = stats.ttest_rel(base, arm).confidence_interval(0.9)
    assert (low, high) == pytest.approx((100 * exact.low, 100 * exact.high), abs=0.1)


def test_gain_of_values_covers_by_the_delta_method():
    """1 - RMSE / RMSE of the baseline, where the truth is 20 %: nine of ten intervals hold it."""
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(400):
        base = rng.normal(size=(200, 1)) ** 2
        arm = 0.64 * rng.normal(size=(200, 1)) ** 2
        _, low, high = gain_of(base, arm, regression=True)
        hits.append(low <= 20.0 <= high)
    assert 0.85 < np.mean(hits) < 0.95


def test_a_constructed_shift_parts_the_rows_and_overlaps():
    rows = table(400)
    near, far = near_and_far(rows)
    assert len(near) + len(far) == 400
    one, other = near.inputs.mean(axis=1), far.inputs.mean(axis=1)
    assert stats.ks_2samp(one, other).pvalue < 1e-6
    assert min(one.max(), other.max()) > max(one.min(), other.min())


@pytest.mark.parametrize("how", RUINS)
def test_ruined_sources_keep_their_size_and_lose_the_rule(how):
    rows = table(200)
    spoiled = ruined(rows, how, np.random.default_rng(1))
    assert len(spoiled) == 200
    assert not np.array_equal(spoiled.y, rows.y) or not np.array_equal(spoiled.inputs, rows.inputs)


def row_of(task: str) -> Row:
    return Row(task, task, "f", "s", "rows", "pooled", "accuracy", "table", "complete", gain=-2.0, low=-3.0, high=-1.0)


def test_an_interrupted_run_goes_on(monkeypatch, tmp_path):
    played = []

    def play(plan: Plan, data: Path, seed: int, catalogue: object) -> list[Row]:
        played.append(plan.recipe.name)
        return [row_of(plan.recipe.name)]

    monkeypatch.setattr(experience, "play", play)
    population = Population("p", "f", lambda data: table(9))
    chosen = [Plan(population, Recipe(name, lambda data, seed: None), 20) for name in "abc"]
    journal = tmp_path / "journal.jsonl"
    first = experience.complete(journal, chosen[:2], tmp_path)
    with journal.open("a") as file:
        file.write('{"task": "c", "ro')  # a kill
    assert experience.complete(journal, chosen, tmp_path) == [*first, row_of("c")]
    assert played == ["a", "b", "c"]
    assert [json.loads(line)["task"] for line in journal.read_text().splitlines()] == ["a", "b", "c"]


def test_bars_count_data_sets_and_losses(tmp_path):
    (tmp_path / "file").write_bytes(b"0" * 1000)
    sets, losses, size = experience.bars([row_of("a"), row_of("b")], tmp_path / "file")
    assert (sets.value, losses.value, size.value) == (2, 1.0, 0.001)
    assert not losses.met
    assert experience.summary([row_of("a")])[0]["lose more than a point"] == 1.0
