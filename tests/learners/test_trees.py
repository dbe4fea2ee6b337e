"""Boosted trees against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from autotransfer.errors import InputError
from autotransfer.learners import Trees
from autotransfer.learners.trees import exported
from autotransfer.learners.trees_predictor import TreesPredictor

_SMALL = {"max_iter": 12, "max_leaf_nodes": 7, "min_samples_leaf": 3, "early_stopping": False}


def _rows(n=120, missing=0.2):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 4))
    score = X[:, 0] + X[:, 1] * X[:, 2]
    X[rng.random(X.shape) < missing] = np.nan
    return X, score


@pytest.mark.parametrize("k", [2, 3])
def test_exported_classifier_equals_scikit_learn(k):
    """The same leaves in the same order of summation: equal bit by bit before the link, missing values included."""
    X, score = _rows()
    model = HistGradientBoostingClassifier(**_SMALL).fit(X, np.digitize(score, np.quantile(score, [0.3, 0.6])[: k - 1]))
    new = np.vstack([X, np.full((1, 4), np.nan), np.random.default_rng(1).normal(size=(50, 4))])
    ours = exported(model, regression=False)
    raw = np.asarray(model._raw_predict(new)).reshape(len(new), -1)
    np.testing.assert_array_equal(ours._scores(new), raw)
    np.testing.assert_allclose(ours.predict_features(new), model.predict_proba(new), rtol=1e-12, atol=1e-15)


def test_exported_regressor_equals_scikit_learn():
    X, score = _rows()
    model = HistGradientBoostingRegressor(**_SMALL).fit(X, score)
    np.testing.assert_array_equal(exported(model, regression=True).predict_features(X), model.predict(X))


@pytest.mark.parametrize("n", [12, 60])
def test_few_rows_give_scikit_learns_trees(n):
    """With no more values than bins, the bins are the midpoints that scikit-learn takes."""
    X, score = _rows(n, missing=0.0)
    oracle = HistGradientBoostingRegressor(
        max_iter=20, max_leaf_nodes=15, min_samples_leaf=3, l2_regularization=1.0, early_stopping=False
    ).fit(X, score)
    ours = Trees(iterations=20, min_leaf=3 / n).fit(X, score, n_classes=0)
    np.testing.assert_allclose(ours.predict_features(X), oracle.predict(X), atol=1e-9)


def test_learns_an_interaction_from_forty_rows():
    rng = np.random.default_rng(2)
    X = rng.choice([-1.0, 1.0], size=(200, 2)) + 0.1 * rng.normal(size=(200, 2))
    y = (X[:, 0] * X[:, 1] > 0).astype(np.int64)
    model = Trees().fit(X[:40], y[:40], n_classes=2)
    assert np.mean(model.predict_features(X[40:]).argmax(1) == y[40:]) > 0.9


def test_weights_are_repetitions():
    """Up to the bins and the rows that a leaf needs, weights are repetitions: the models agree closely."""
    X, score = _rows(60, missing=0.0)
    y, times = (score > 0).astype(np.int64), np.random.default_rng(3).integers(1, 3, 60)
    weighted = Trees(min_leaf=0.01).fit(X, y, n_classes=2, weights=times.astype(float)).predict_features(X)
    repeated = Trees(min_leaf=0.01).fit(X.repeat(times, 0), y.repeat(times), n_classes=2).predict_features(X)
    assert np.abs(weighted - repeated).mean() < 0.05


def test_blocks_do_not_change_predictions(monkeypatch):
    X, score = _rows(60, missing=0.0)
    model = Trees(iterations=5).fit(X, score, n_classes=0)
    whole = model.predict_features(X)
    monkeypatch.setattr("autotransfer.learners.trees_predictor._BLOCK", 35)
    np.testing.assert_array_equal(model.predict_features(X), whole)


@pytest.mark.parametrize("broken", [{"children": np.array([[0, 99]])}, {"roots": np.array([[-1]])}, {"depth": 10**9}])
def test_damaged_trees_are_refused(broken):
    X, score = _rows(30, missing=0.0)
    state = Trees(iterations=2).fit(X, score, n_classes=0).inner.state()
    with pytest.raises(InputError, match="save the model again"):
        TreesPredictor.restore(state | broken)
