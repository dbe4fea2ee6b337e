"""The perceptron against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from autotransfer.learners import Mlp


def _rows(seed=0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 4)).astype(np.float32)
    return X / np.sqrt(np.mean(X.astype(np.float64) ** 2)).astype(np.float32), X[:, 0] * X[:, 1]


@pytest.mark.parametrize("k", [2, 3])
def test_classifier_equals_scikit_learn(k):
    """On features of root mean square 1 nothing is rescaled."""
    X, score = _rows()
    y = np.digitize(score, np.quantile(score, [0.3, 0.6])[: k - 1])
    oracle = MLPClassifier((16,), alpha=0.5, learning_rate_init=0.01, max_iter=7, random_state=3)
    with pytest.warns(ConvergenceWarning):
        oracle.fit(X, y)
    ours = Mlp(width=16, decay=0.5, step=0.01, epochs=7).fit(X, y, n_classes=k, seed=3)
    np.testing.assert_allclose(ours.predict_features(X), oracle.predict_proba(X), atol=1e-4)


def test_regressor_equals_scikit_learn_on_standardised_values():
    X, score = _rows()
    y = (score - score.mean()) / score.std()
    oracle = MLPRegressor(hidden_layer_sizes=(16,), alpha=0.5, learning_rate_init=0.01, max_iter=7, random_state=3)
    with pytest.warns(ConvergenceWarning):
        oracle.fit(X, y)
    ours = Mlp(width=16, decay=0.5, step=0.01, epochs=7).fit(X, 1000.0 + 50.0 * y, n_classes=0, seed=3)
    np.testing.assert_allclose(ours.predict_features(X), 1000.0 + 50.0 * oracle.predict(X), atol=0.05)


def test_units_of_features_and_values_do_not_matter():
    """f(c X) with values a + s y is a + s f(X): scales are taken out."""
    X, score = _rows()
    plain = Mlp(epochs=20).fit(X, score, n_classes=0).predict_features(X)
    scaled = Mlp(epochs=20).fit(X * np.float32(256.0), 5.0 + 2.0 * score, n_classes=0)
    np.testing.assert_allclose(scaled.predict_features(X * np.float32(256.0)), 5.0 + 2.0 * plain, atol=1e-3)


def test_seed_decides():
    X, score = _rows()
    y = (score > 0).astype(np.int64)
    first, again, other = (Mlp(epochs=5).fit(X, y, n_classes=2, seed=seed).predict_features(X) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
