"""Cross-validated linear probe."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.linear_probe_cv import LinearProbeScore
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.model_selection import cross_val_predict, cross_val_score

from autotransfer.task import Context


def test_close_to_logistic_regression(encoded, blobs) -> None:
    """Another linear classifier, with other folds, is about as good."""
    X, y = blobs(300, 0.7)
    other = cross_val_score(LogisticRegression(), X, y, cv=5).mean()
    assert LinearProbeScore().estimate(*encoded(X, y, 3), Context()) == pytest.approx(other, abs=0.06)


def test_close_to_ridge_regression(encoded) -> None:
    """R^2 of scikit-learn's ridge with its own choice of the penalty."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 10))
    y = X @ rng.normal(size=10) + 2.0 * rng.normal(size=200)
    predicted = cross_val_predict(RidgeCV(np.logspace(-3, 3, 13)), X, y, cv=5)
    other = 1 - np.mean((y - predicted) ** 2) / np.var(y)
    assert LinearProbeScore().estimate(*encoded(X, y), Context()) == pytest.approx(other, abs=0.06)


def test_labels_drawn_by_lot_are_not_predicted(encoded) -> None:
    """More columns than rows: a fit to its own rows would score 1, out of fold it is chance."""
    rng = np.random.default_rng(0)
    found = [
        LinearProbeScore().estimate(*encoded(rng.normal(size=(60, 100)), rng.integers(0, 2, 60), 2), Context(seed=seed))
        for seed in range(5)
    ]
    assert 0.35 < np.mean(found) < 0.65
