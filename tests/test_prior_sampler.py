"""A sampler with beliefs: Optuna's own suite, and what the beliefs do before and after there are results."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution
from optuna.testing.pytest_samplers import BasicSamplerTestCase, RelativeSamplerTestCase
from optuna.trial import TrialState
from scipy.stats import norm

from autotransfer.prior_sampler import PriorSampler, improvement

CHOICES = ("a", "b", "c")
KINDS = CategoricalDistribution(CHOICES)
PRIOR = {"x": {"a": 8.0, "b": 1.0, "c": 1.0}}


class _Suite:
    @pytest.fixture
    def sampler(self):
        return lambda: PriorSampler(optuna.samplers.RandomSampler(seed=0), {"x": {"a": 3.0, 1: 2.0}}, 0)


class TestOptunasSuite(_Suite, BasicSamplerTestCase):
    """What Optuna asks of every sampler."""


class TestOptunasSuiteForRelativeSampling(RelativeSamplerTestCase):
    """The same around a sampler that proposes several parameters at once."""

    @pytest.fixture
    def sampler(self):
        return lambda: PriorSampler(optuna.samplers.TPESampler(seed=0, n_startup_trials=0), PRIOR, 0)


def finished(choice: str, value: float | None, seconds: float = 1.0) -> optuna.trial.FrozenTrial:
    begun = datetime(2020, 1, 1)
    trial = optuna.trial.create_trial(
        state=TrialState.FAIL if value is None else TrialState.COMPLETE,
        value=value,
        params={"x": choice},
        distributions={"x": KINDS},
    )
    trial.datetime_start, trial.datetime_complete = begun, begun + timedelta(seconds=seconds)
    return trial


def shares(trials, prior=PRIOR, seconds=None, draws=2000) -> np.ndarray:
    study = optuna.create_study(direction="maximize")
    study.add_trials(trials)
    sampler = PriorSampler(optuna.samplers.RandomSampler(seed=0), prior, 0, seconds)
    new = optuna.trial.create_trial(state=TrialState.RUNNING)
    found = [sampler.sample_independent(study, new, "x", KINDS) for _ in range(draws)]
    return np.array([found.count(choice) / draws for choice in CHOICES])


def test_at_first_the_prior_decides_but_for_a_tenth():
    """0.9 × (0.8, 0.1, 0.1) + 0.1 / 3."""
    np.testing.assert_allclose(shares([]), 0.9 * np.array([0.8, 0.1, 0.1]) + 0.1 / 3, atol=0.03)


def test_a_wrong_prior_is_given_up():
    """Where a is believed in and c is better, c is drawn most after enough trials."""
    rng = np.random.default_rng(0)
    means = {"a": 0.5, "b": 0.55, "c": 0.7}
    trials = [finished(choice, means[choice] + 0.02 * rng.normal()) for choice in CHOICES for _ in range(15)]
    assert shares(trials[::15]).argmax() == 0
    assert shares(trials).argmax() == 2


def test_no_choice_is_ever_excluded():
    trials = [finished("a", 1.0)] * 50 + [finished("c", 0.0, seconds=1000.0)] * 50
    prior = {"x": {"a": 1e9, "b": 1.0, "c": 1e-9}}
    assert (shares(trials, prior) >= 0.1 / 3 - 0.015).all()


def test_of_equal_choices_the_quick_one_is_preferred_and_expected_seconds_count_until_it_is_timed():
    even = {"x": dict.fromkeys(CHOICES, 1.0)}
    trials = [finished(choice, 0.5, seconds) for choice, seconds in zip(CHOICES, (1.0, 4.0, 2.0), strict=True)]
    assert (np.argsort(-shares(trials, even)) == [0, 2, 1]).all()
    assert (np.argsort(-shares([], even, {"x": {"a": 4.0, "b": 1.0, "c": 2.0}})) == [1, 2, 0]).all()


def test_improvement_is_the_closed_form():
    """EI = E max(0, v - best), v normal, by numerical integration."""
    trials = [finished("a", 1.0), finished("a", 3.0), finished("b", 2.0), finished("c", None)]
    values = np.array([1.0, 3.0, 2.0])
    grid = np.linspace(3.0, 40.0, 400_001)
    for found, own in zip(improvement(trials, "x", CHOICES, maximise=True), ([1.0, 3.0], [2.0], []), strict=True):
        mean = (sum(own) + values.mean()) / (len(own) + 1)
        sd = values.std() * np.sqrt(0.25 + 1 / (len(own) + 1))
        expected = np.trapezoid((grid - 3.0) * norm.pdf(grid, mean, sd), grid)
        assert found == pytest.approx(expected, rel=1e-4)


def test_failures_and_equal_values_leave_the_choice_to_the_prior():
    np.testing.assert_array_equal(improvement([finished("a", None)], "x", CHOICES, maximise=True), 1.0)
    np.testing.assert_array_equal(improvement([finished("a", 1.0)] * 3, "x", CHOICES, maximise=False), 1.0)


def test_other_parameters_are_the_inner_samplers():
    study = optuna.create_study(sampler=PriorSampler(optuna.samplers.RandomSampler(seed=3), PRIOR, 0))
    plain = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=3))
    assert study.ask().suggest_float("y", 0, 1) == plain.ask().suggest_float("y", 0, 1)
