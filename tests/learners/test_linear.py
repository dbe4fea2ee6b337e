"""Linear models against scikit-learn and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression, Ridge

from autotransfer.learners import Linear


def _rows(n, d, k, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * rng.uniform(0.1, 3.0, d) + rng.normal(size=d)
    y = (X[:, :1] @ rng.normal(size=(1, k)) + rng.normal(size=(n, k))).argmax(1)
    y[:k] = np.arange(k)
    return X, y


@pytest.mark.parametrize("l2", [0.01, 1.0, 100.0])
@pytest.mark.parametrize(("n", "d", "k"), [(60, 5, 2), (60, 5, 4), (30, 80, 2), (30, 80, 3)])
def test_logistic_equals_scikit_learn(n, d, k, l2):
    """Both minimise Σ loss + l2/2 ‖W‖², which has one minimum."""
    X, y = _rows(n, d, k)
    oracle = LogisticRegression(C=1 / l2, tol=1e-10, max_iter=100_000, solver="newton-cg").fit(X, y)
    ours = Linear(l2).fit(X, y, n_classes=k).predict_features(X)
    np.testing.assert_allclose(ours, oracle.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize(
    ("n", "d", "l2"),
    [(60, 5, 0.01), (60, 5, 1.0), (60, 5, 100.0), (30, 80, 0.01), (30, 80, 100.0), (520, 530, 3.0), (520, 530, 100.0)],
)
def test_ridge_equals_scikit_learn(n, d, l2):
    """min Σ w (y - xW - b)² + l2 ‖W‖², by elimination and, for large n and d, by iteration."""
    rng = np.random.default_rng(1)
    X, y, weights = rng.normal(size=(n, d)) + 1.0, 5.0 + rng.normal(size=n), rng.uniform(0.5, 2.0, n)
    oracle = Ridge(alpha=l2, solver="cholesky").fit(X, y, sample_weight=weights)
    ours = Linear(l2).fit(X, y, n_classes=0, weights=weights).predict_features(X)
    np.testing.assert_allclose(ours, oracle.predict(X), atol=1e-3 if min(n, d) > 500 else 1e-8)


def test_large_single_precision_logistic_is_near_scikit_learn():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(700, 600)).astype(np.float32)
    y = (X[:, :3].sum(1) + rng.normal(size=700) > 0).astype(np.int64)
    oracle = LogisticRegression(C=0.01, tol=1e-8, max_iter=10_000).fit(X.astype(np.float64), y)
    ours = Linear(100.0).fit(X, y, n_classes=2).predict_features(X)
    np.testing.assert_allclose(ours, oracle.predict_proba(X), atol=5e-3)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 30), st.integers(1, 40), st.integers(2, 4), st.integers(0, 99))
def test_weights_are_repetitions(n, d, k, seed):
    """Weights 1, 2, 3 give the model of rows given once, twice, thrice."""
    X, y = _rows(max(n, k), d, k, seed)
    times = np.random.default_rng(seed).integers(1, 4, len(y))
    weighted = Linear().fit(X, y, n_classes=k, weights=times.astype(float))
    repeated = Linear().fit(X.repeat(times, 0), y.repeat(times), n_classes=k)
    np.testing.assert_allclose(weighted.predict_features(X), repeated.predict_features(X), atol=2e-5)


def test_extreme_features_stay_finite():
    """Zero columns, equal rows, huge and tiny scales."""
    X, y = _rows(40, 6, 3)
    for scaled in (np.zeros_like(X), np.ones_like(X), X * 1e-10, X * 1e8, np.repeat(X[:, :1], 6, axis=1)):
        predictions = Linear().fit(scaled, y, n_classes=3).predict_features(scaled)
        assert np.isfinite(predictions).all()
        np.testing.assert_allclose(predictions.sum(1), 1.0)
        assert np.isfinite(Linear().fit(scaled, X[:, 0], n_classes=0).predict_features(scaled)).all()
