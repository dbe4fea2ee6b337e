"""Figures of the main job: harm, summaries and captured share, against closed forms and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.outcome import (
    Outcome,
    captured_share,
    harmful_share,
    is_harmful,
    losses,
    score,
    summarise,
)


def outcome(
    task: str = "t", seed: int = 0, shipped: float | None = 0.8, no_transfer: float | None = 0.7, **other
) -> Outcome:
    arms = other.pop("arms", {"no_transfer": no_transfer, "pooled × s": 0.9})
    known = {"poisoned": False, "regression": False, "seconds": 1.0, **other}
    return Outcome(task, seed, shipped=shipped, no_transfer=no_transfer, arms=arms, **known)


def errors(n: int, wrong: int) -> np.ndarray:
    return np.r_[np.ones(wrong), np.zeros(n - wrong)]


def test_scores_are_accuracy_and_minus_rmse() -> None:
    """Losses per row aggregate to the metrics' definitions."""
    y = np.array([0, 1, 1, 0])
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.5, 0.5]])
    assert score(losses(y, p, regression=False), regression=False) == pytest.approx(0.75)
    values, guesses = np.array([1.0, 2.0]), np.array([1.0, 4.0])
    assert score(losses(values, guesses, regression=True), regression=True) == pytest.approx(-np.sqrt(2))


def test_equal_models_do_no_harm() -> None:
    """A model compared with itself is never harmful."""
    same = errors(200, 80)
    assert not is_harmful(same, same, regression=False)


def test_large_loss_is_harm() -> None:
    """Thirty points on 200 rows cannot be chance."""
    assert is_harmful(errors(200, 100), errors(200, 40), regression=False)


def test_loss_within_a_point_is_no_harm() -> None:
    """Exactly one point is tolerated even where it is significant."""
    assert not is_harmful(errors(10000, 1100), errors(10000, 1000), regression=False)
    assert is_harmful(errors(10000, 1120), errors(10000, 1000), regression=False)


def test_loss_by_chance_is_no_harm() -> None:
    """Two points on 100 discordant rows of both signs lie far within chance."""
    shipped, baseline = np.tile([1.0, 0.0], 50), np.tile([0.0, 1.0], 50)
    baseline[1], baseline[3] = 0.0, 0.0
    assert score(baseline, regression=False) - score(shipped, regression=False) == pytest.approx(0.02)
    assert not is_harmful(shipped, baseline, regression=False)


def test_rmse_counts_one_per_cent() -> None:
    """All errors scaled by c scale RMSE by c: 0.5 % is tolerated, 2 % is harm; a better model never is."""
    squared = np.random.default_rng(0).normal(size=500) ** 2
    assert not is_harmful(squared * 1.005**2, squared, regression=True)
    assert is_harmful(squared * 1.02**2, squared, regression=True)
    assert not is_harmful(squared * 0.9**2, squared, regression=True)


def test_level_of_the_bootstrap() -> None:
    """Two equally good models with independent errors: harm is declared in at most about 5 % of the draws."""
    rng = np.random.default_rng(0)
    draws = [
        is_harmful((rng.random(150) < 0.3) * 1.0, (rng.random(150) < 0.3) * 1.0, regression=False) for _ in range(300)
    ]
    assert np.mean(draws) < 0.09  # 5 % and three standard errors


def test_summary_means_over_seeds_and_best_arm() -> None:
    """Means are taken over seeds; the best arm has the highest mean, not the highest single score."""
    runs = [
        outcome(seed=0, shipped=0.6, no_transfer=0.5, pooled=0.6, arms={"a": 0.9, "b": 0.7}),
        outcome(seed=1, shipped=0.8, no_transfer=0.6, arms={"a": 0.3, "b": 0.7}),
    ]
    (summary,) = summarise(runs)
    assert (summary.shipped, summary.no_transfer, summary.pooled) == pytest.approx((0.7, 0.55, 0.6))
    assert (summary.best_arm, summary.hindsight) == ("b", pytest.approx(0.7))


def test_arms_that_failed_once_are_no_hindsight() -> None:
    """An arm without a score under some seed cannot be the best in hindsight."""
    runs = [outcome(seed=0, arms={"a": 0.7, "lucky": 1.0}), outcome(seed=1, arms={"a": 0.7})]
    assert summarise(runs)[0].best_arm == "a"


def test_captured_share_is_the_mean_over_worthwhile_tasks() -> None:
    """(shipped − base) / (best − base), averaged over tasks whose best is more than two points above base."""
    runs = [
        outcome("half", shipped=0.6, no_transfer=0.5, arms={"x": 0.7}),
        outcome("all", shipped=0.7, no_transfer=0.5, arms={"x": 0.7}),
        outcome("nothing to gain", shipped=0.1, no_transfer=0.5, arms={"x": 0.52}),
        outcome("poisoned", shipped=0.0, no_transfer=0.5, arms={"x": 0.9}, poisoned=True),
    ]
    assert captured_share(runs) == pytest.approx(0.75)


def test_worthwhile_is_relative_for_rmse() -> None:
    """A gain of 0.1 is above 2 % of an RMSE of 1 and below 2 % of an RMSE of 10."""
    small = outcome(shipped=-0.9, no_transfer=-1.0, arms={"x": -0.9}, regression=True)
    large = outcome(shipped=-9.9, no_transfer=-10.0, arms={"x": -9.9}, regression=True)
    assert captured_share([small]) == pytest.approx(1.0)
    assert captured_share([large]) is None


def test_harmful_share_counts_each_side_and_failures() -> None:
    """Poisoned and honest runs are counted apart; a run without a model is harm; no runs, no figure."""
    runs = [
        outcome(harmful=True),
        outcome(),
        outcome(),
        outcome(shipped=None, no_transfer=None),
        outcome(poisoned=True),
    ]
    assert harmful_share(runs, poisoned=False) == pytest.approx(0.5)
    assert harmful_share(runs, poisoned=True) == 0.0
    assert harmful_share([], poisoned=True) is None


def test_failed_runs_have_no_summary() -> None:
    """A task whose only run failed is left out of the table of means."""
    assert summarise([outcome(shipped=None, no_transfer=None)]) == []


def test_json_round_trip() -> None:
    """from_json ∘ to_json = identity."""
    first = outcome(pooled=0.5, error="x")
    assert Outcome.from_json(first.to_json()) == first
