"""Probabilities that hold on new targets."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from autotransfer.foresight.calibration import calibrate

N, TARGETS = 4000, np.repeat([f"t{i}" for i in range(20)], 200)


def test_log_odds_that_are_right_stay_as_they_are() -> None:
    """negative ~ Bernoulli(expit(s)): slope 1, intercept 0, trusted; as plain logistic regression finds them."""
    rng = np.random.default_rng(0)
    odds = rng.normal(size=(N, 1)) * 2
    negative = (rng.random(N) < expit(odds[:, 0])).astype(float)
    found = calibrate(odds, negative, TARGETS)
    reference = LogisticRegression(C=1.0).fit(odds, negative)
    assert found.coefficients[0] == pytest.approx(reference.coef_[0, 0], abs=1e-3)
    assert found.intercept == pytest.approx(reference.intercept_[0], abs=1e-3)
    assert found.proven
    assert found.trust > 0.98
    assert np.abs(found.probability(odds) - expit(odds[:, 0])).mean() < 0.02


@pytest.mark.parametrize("seed", range(5))
def test_log_odds_that_say_nothing_are_not_trusted(seed: int) -> None:
    """Independent of the outcome: what is told is the share of negative outcomes, within 0.02."""
    rng = np.random.default_rng(seed)
    odds = rng.normal(size=(N, 3))
    negative = (rng.random(N) < 0.4).astype(float)
    told = calibrate(odds, negative, TARGETS).probability(odds)
    assert np.abs(told - negative.mean()).max() < 0.02


def test_a_witness_that_has_it_backwards_gets_no_weight() -> None:
    rng = np.random.default_rng(0)
    odds = rng.normal(size=(N, 2))
    negative = (rng.random(N) < expit(2 * odds[:, 0] - odds[:, 1])).astype(float)
    found = calibrate(odds, negative, TARGETS)
    assert found.coefficients[0] > 1.0
    assert found.coefficients[1] == 0.0


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_outcomes_that_are_all_alike(value: float) -> None:
    """The share is 0 or 1, and is what is told."""
    found = calibrate(np.random.default_rng(0).normal(size=(40, 2)), np.full(40, value), TARGETS[:: N // 40])
    np.testing.assert_allclose(found.probability(np.ones((1, 2))), value, atol=1e-6)
    assert not found.proven
