"""Nearest neighbours against scikit-learn and by definition."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from autotransfer.learners import Neighbors
from autotransfer.learners.neighbors_predictor import NeighborsPredictor


@pytest.mark.parametrize("weighting", ["uniform", "distance"])
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("k", [1, 4, 30])
def test_equals_scikit_learn(k, metric, weighting):
    rng = np.random.default_rng(0)
    X, y, new = rng.normal(size=(30, 6)), np.arange(30) % 3, rng.normal(size=(50, 6))
    oracle = KNeighborsClassifier(k, weights=weighting, metric=metric).fit(X, y)
    ours = Neighbors(k, weighting, metric).fit(X, y, n_classes=3)
    np.testing.assert_allclose(ours.predict_features(new), oracle.predict_proba(new), atol=1e-6)
    oracle = KNeighborsRegressor(k, weights=weighting, metric=metric).fit(X, X[:, 0])
    ours = Neighbors(k, weighting, metric).fit(X, X[:, 0], n_classes=0)
    np.testing.assert_allclose(ours.predict_features(new), oracle.predict(new), atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(3, 25), st.integers(1, 12), st.sampled_from(["uniform", "distance"]), st.integers(0, 99))
def test_weights_are_repetitions(n, k, weighting, seed):
    """A row of weight w votes as w equal rows do."""
    rng = np.random.default_rng(seed)
    X, y, new, times = rng.normal(size=(n, 3)), np.arange(n) % 3, rng.normal(size=(7, 3)), rng.integers(1, 4, n)
    learner = Neighbors(k, weighting)
    weighted = learner.fit(X, y, n_classes=3, weights=times.astype(float)).predict_features(new)
    repeated = learner.fit(X.repeat(times, 0), y.repeat(times), n_classes=3).predict_features(new)
    np.testing.assert_allclose(weighted, repeated, atol=1e-8)


def test_light_rows_still_vote():
    """Rows that weigh less than k together vote all, each by its weight."""
    X, y = np.array([[0.0], [1.0], [2.0]]), np.array([0, 1, 1])
    votes = Neighbors(5).fit(X, y, n_classes=2, weights=np.array([0.5, 0.25, 0.25])).predict_features(X)
    np.testing.assert_allclose(votes, 0.5)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_a_row_met_again_decides(metric):
    """With votes by inverse distance, distance 0 outvotes all others."""
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(20, 5)).astype(np.float32), np.arange(20) % 2
    votes = Neighbors(5, "distance", metric).fit(X, y, n_classes=2).predict_features(X)
    np.testing.assert_array_equal(votes.argmax(1), y)


def test_equal_rows_are_finite():
    votes = (
        Neighbors(3, "distance").fit(np.zeros((4, 2)), np.arange(4) % 2, n_classes=2).predict_features(np.zeros((1, 2)))
    )
    assert np.isfinite(votes).all()
    np.testing.assert_allclose(votes.sum(), 1.0)


def test_blocks_do_not_change_predictions(monkeypatch):
    rng = np.random.default_rng(4)
    model = Neighbors().fit(rng.normal(size=(20, 3)), np.arange(20) % 2, n_classes=2)
    new = rng.normal(size=(33, 3))
    whole = model.predict_features(new)
    monkeypatch.setattr("autotransfer.learners.neighbors_predictor._BLOCK", 40)
    np.testing.assert_allclose(model.predict_features(new), whole)
    assert isinstance(model.inner, NeighborsPredictor)


def test_predictions_do_not_depend_on_the_origin():
    """Distances of X + c are those of X, though squares of about 1e16 have no digits left for differences of 1."""
    rng = np.random.default_rng(5)
    X, new = rng.integers(-8, 8, size=(200, 4)).astype(float), rng.normal(size=(50, 4)).round(2)
    y = (X[:, 0] > 0).astype(np.int64)
    near, far = (Neighbors().fit(X + c, y, n_classes=2).predict_features(new + c) for c in (0.0, 1e8))
    assert np.mean(near.argmax(1) == far.argmax(1)) > 0.9
