"""DEV's control variate: its formula, that it leaves the mean and takes variance away."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.deep_embedded_validation import DeepEmbeddedValidation, controlled_risk
from autotransfer_validators.density_ratio import density_ratios


def by_hand(w, losses):
    """mean(w l) + eta mean(w) - eta, eta = -Cov(w l, w) / Var(w), in sums."""
    n, z = len(w), w * losses
    covariance = sum((z[i] - z.mean()) * (w[i] - w.mean()) for i in range(n)) / (n - 1)
    variance = sum((w[i] - w.mean()) ** 2 for i in range(n)) / (n - 1)
    eta = -covariance / variance
    return z.mean() + eta * w.mean() - eta


def test_the_formula(rng):
    w, losses = rng.exponential(size=50), rng.random(50)
    assert controlled_risk(w, losses) == pytest.approx(by_hand(w, losses), rel=1e-12)


def test_weights_of_mean_1_leave_the_weighted_mean(rng):
    w = rng.exponential(size=50)
    w /= w.mean()
    losses = rng.random(50)
    assert controlled_risk(w, losses) == pytest.approx(np.mean(w * losses), rel=1e-12)


def test_constant_losses_are_known_exactly_whatever_the_weights(rng):
    """w l is c w, the control variate explains all of it: the risk is c. The plain weighted mean is c mean(w)."""
    w = rng.exponential(size=50)
    assert controlled_risk(w, np.full(50, 0.3)) == pytest.approx(0.3, rel=1e-12)


def test_it_varies_less_than_the_weighted_mean(rng):
    """Over 300 draws with E w = 1: losses that go along with nothing leave most of the variance to the weights."""
    plain, controlled = [], []
    for _ in range(300):
        w, losses = rng.exponential(size=60), (rng.random(60) < 0.7).astype(float)
        plain.append(np.mean(w * losses))
        controlled.append(controlled_risk(w, losses))
    assert np.mean(controlled) == pytest.approx(0.7, abs=0.02)
    assert np.var(controlled) < 0.6 * np.var(plain)


def test_equal_weights_and_one_row_have_nothing_to_control():
    assert controlled_risk(np.full(4, 0.5), np.array([0.0, 0.0, 1.0, 1.0])) == 0.25
    assert controlled_risk(np.array([2.0]), np.array([0.5])) == 1.0


@pytest.mark.parametrize("metric", ["accuracy", "log_loss"])
def test_the_score_is_the_risk_in_the_metrics_terms(make, rng, metric):
    X = tuple(rng.normal(size=(80, 2)) + shift for shift in (0.0, 0.0, 0.7))
    P, y = rng.dirichlet(np.ones(3), 80), rng.integers(3, size=80)
    evidence = make(held=P, y=y, X=X, metric=metric)
    own = P[np.arange(80), y]
    losses = (P.argmax(1) != y).astype(float) if metric == "accuracy" else -np.log(own)
    risk = by_hand(density_ratios(evidence), losses)
    expected = 1 - risk if metric == "accuracy" else -risk
    assert DeepEmbeddedValidation().score(evidence) == pytest.approx(expected, rel=1e-9)


def test_without_rows_it_is_undefined(make, drawn):
    assert np.isnan(DeepEmbeddedValidation().score(make(target=drawn)))
