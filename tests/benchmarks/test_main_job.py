"""The main job's bookkeeping: which trials are compared, what a run is worth, journal and choice of tasks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.trial import Arm, Choice, Decision, RunRecord, Status, TrialRecord, Verdict
from benchmarks.campaign import Campaign, complete, line, read_journal
from benchmarks.figures import bars, rows
from benchmarks.judge import Played, best_trials, judge
from benchmarks.outcome import Outcome
from benchmarks.tasks.rows import Rows
from benchmarks.tasks.task import Parts, Recipe, Task

ALONE, POOLED = Arm("no_transfer"), Arm("pooled", "s")


def trial(number: int, arm: Arm, val: float | None, status: Status = Status.COMPLETE, **params) -> TrialRecord:
    return TrialRecord(number, Choice(arm.method, arm.source, "plain", params), status, val)


def record(shipped: Choice, *trials: TrialRecord) -> RunRecord:
    verdict = Verdict(Decision.TRANSFER, "", shipped)
    return RunRecord("r", "done", "accuracy", True, {}, {}, {}, {}, {}, verdict, leaderboard=trials)


def task(metric: str = "accuracy") -> Task:
    return Task("t", "target.csv", ("s.csv",), "test.csv", metric, poisoned=False)


def wrong(share: float, n: int = 200) -> np.ndarray:
    return (np.arange(n) < share * n).astype(float)


def recipe(name: str = "toy") -> Recipe:
    rows = Rows(np.zeros((4, 1)), np.zeros(4))
    return Recipe(name, lambda data, seed: Parts(rows, rows, {"s": rows}))


def test_best_trial_of_an_arm_is_chosen_by_validation() -> None:
    """Only complete trials with a score count; the earliest wins a tie."""
    trials = [
        trial(0, ALONE, 0.5, c=1),
        trial(1, ALONE, 0.7, c=2),
        trial(2, ALONE, 0.7, c=3),
        trial(3, ALONE, None, Status.FAILED),
        trial(4, ALONE, float("nan")),
        trial(5, POOLED, None, Status.PRUNED),
    ]
    assert {arm: best.number for arm, best in best_trials(trials[::-1]).items()} == {ALONE: 1}


def test_a_run_is_judged_against_its_own_baseline() -> None:
    """Scores come from test losses, arm by arm; a loss of twenty points is harm."""
    trials = (trial(0, ALONE, 0.7), trial(1, POOLED, 0.9))
    losses = {ALONE: wrong(0.2), POOLED: wrong(0.4)}
    outcome = judge(Played(task(), 3, 1.5, record(trials[1].choice, *trials), wrong(0.4), losses))
    assert outcome.arms == pytest.approx({"no_transfer": 0.8, "pooled × s": 0.6})
    assert (outcome.no_transfer, outcome.pooled, outcome.shipped) == pytest.approx((0.8, 0.6, 0.6))
    assert (outcome.harmful, outcome.seed, outcome.arm) == (True, 3, "pooled × s")


def test_shipping_the_baseline_is_never_harm() -> None:
    """When the shipped choice is the baseline trial they are one model, however a refit of it turns out."""
    trials = (trial(0, ALONE, 0.7), trial(1, POOLED, 0.9))
    played = Played(task(), 0, 1.0, record(trials[0].choice, *trials), wrong(0.4), {ALONE: wrong(0.1)})
    assert not judge(played).harmful
    assert judge(played).no_transfer == pytest.approx(0.6)


def test_errors_are_scored_as_minus_rmse() -> None:
    """For values the losses are squared errors."""
    trials = (trial(0, ALONE, -1.0), trial(1, POOLED, -0.5))
    losses = {ALONE: np.full(50, 4.0), POOLED: np.full(50, 1.0)}
    outcome = judge(Played(task("rmse"), 0, 1.0, record(trials[1].choice, *trials), np.full(50, 1.0), losses))
    assert (outcome.no_transfer, outcome.shipped, outcome.harmful) == (-2.0, -1.0, False)


def test_without_a_baseline_score_the_run_has_failed() -> None:
    """A run that cannot be compared counts as failed, not as harmless."""
    only = trial(0, POOLED, 0.9)
    outcome = judge(Played(task(), 0, 1.0, record(only.choice, only), wrong(0.1), {POOLED: wrong(0.1)}))
    assert outcome.shipped is None
    assert "no-transfer" in (outcome.error or "")


def played(name: str, seed: int) -> Outcome:
    return Outcome(name, seed, False, False, 1.0, "transfer", "a", 0.7, 0.6, None, {"a": 0.7})


def test_journal_spares_known_runs(tmp_path: Path) -> None:
    """A second pass plays only what is missing, also after a line that was cut off by a kill."""
    journal = tmp_path / "journal.jsonl"
    calls: list[tuple[str, int]] = []

    def play_one(recipe: Recipe, seed: int) -> Outcome:
        calls.append((recipe.name, seed))
        return played(recipe.name, seed)

    first = complete(journal, [(recipe(), 0), (recipe(), 1)], play_one)
    with journal.open("a") as file:
        file.write('{"task": "toy", "se')
    second = complete(journal, [(recipe(), 0), (recipe(), 1), (recipe(), 2)], play_one)
    assert calls == [("toy", 0), ("toy", 1), ("toy", 2)]
    assert second[:2] == first
    assert read_journal(journal) == second


def test_tasks_are_chosen_by_name_or_quick() -> None:
    """Names win over --quick; an unknown name is named with those that exist."""
    campaign = Campaign("c", (recipe("a"), recipe("b")), ("b",))
    assert [r.name for r in campaign.chosen((), quick=False)] == ["a", "b"]
    assert [r.name for r in campaign.chosen((), quick=True)] == ["b"]
    assert [r.name for r in campaign.chosen(("a",), quick=True)] == ["a"]
    with pytest.raises(InputError, match="a, b"):
        campaign.chosen(("x",), quick=False)


def test_rows_show_each_task_and_its_failures() -> None:
    """One row a task; RMSE is shown in its own direction; failed runs count as harm and have no scores."""
    outcomes = [
        Outcome("wine", 0, False, True, 2.0, "transfer", "a", -0.5, -0.75, None, {"a": -0.5}),
        Outcome("wine", 1, False, True, 4.0, error="exit code 1"),
        Outcome("broken", 0, True, False, 4.0, error="exit code 1"),
    ]
    wine, broken = rows(outcomes)
    assert (wine["autotransfer"], wine["no_transfer"], wine["captured"]) == (0.5, 0.75, 1.0)
    assert (wine["decisions"], wine["harmful"], wine["runs"], wine["seconds"]) == ("1 transfer, 1 failed", 1, 2, 3.0)
    assert broken["autotransfer"] is None
    assert list(broken) == list(wine)
    assert "exit code 1" in line(outcomes[1])


def test_bars_compare_figures_with_targets() -> None:
    """Shares at the target are met; figures that stand on nothing are not."""
    good = [played("t", seed) for seed in range(3)]
    harm, captured, poisoned = bars(good)
    assert (harm.value, harm.met) == (0.0, True)
    assert (captured.value, captured.met) == (pytest.approx(1.0), True)
    assert (poisoned.value, poisoned.met) == (None, False)
