"""What all learners promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.learners import LearnerPredictor, Linear, Mlp, Neighbors, Trees
from autotransfer.state import load_state, save_state

LEARNERS = (Linear(), Neighbors(), Trees(iterations=5), Mlp(epochs=5))
every_learner = pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.kind)


def _data(n, d, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)


@every_learner
@settings(max_examples=8, deadline=None)
@given(n=st.integers(1, 30), d=st.integers(1, 40), k=st.integers(0, 5), new=st.integers(0, 3), seed=st.integers(0, 9))
def test_shapes(learner, n, d, k, new, seed):
    """Probabilities (n, k) that sum to 1, or values (n,); finite; whatever is present; inputs are left alone."""
    X, rng = _data(n, d, seed), np.random.default_rng(seed)
    y = rng.integers(0, k, n) if k else rng.normal(size=n)
    before = X.copy(), y.copy()
    predictions = learner.fit(X, y, n_classes=k, seed=seed).predict_features(_data(new, d, seed + 1))
    assert predictions.shape == ((new, k) if k else (new,))
    assert np.isfinite(predictions).all()
    if k:
        assert (predictions >= 0).all()
        np.testing.assert_allclose(predictions.sum(1), 1.0, atol=1e-6)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


@every_learner
def test_absent_classes_get_nothing(learner):
    """Columns of absent classes are 0; the others are those of the problem without them."""
    X, y = _data(40, 3), np.array([1, 4] * 20)
    predictions = learner.fit(X, y, n_classes=6).predict_features(X)
    np.testing.assert_array_equal(predictions[:, [0, 2, 3, 5]], 0.0)
    np.testing.assert_array_equal(predictions[:, [1, 4]], learner.fit(X, y // 4, n_classes=2).predict_features(X))


@every_learner
def test_one_class_or_one_value_is_predicted_always(learner):
    X = _data(7, 3)
    np.testing.assert_array_equal(learner.fit(X, np.full(7, 2), n_classes=3).predict_features(X), [[0.0, 0.0, 1.0]] * 7)
    np.testing.assert_array_equal(learner.fit(X, np.full(7, 2.5), n_classes=0).predict_features(X), 2.5)


@every_learner
def test_rows_of_no_weight_do_not_count(learner):
    X, y = _data(40, 3), np.arange(40) % 3
    weights = np.repeat([1.0, 0.0], 20)
    weighted = learner.fit(X, y, n_classes=3, weights=weights).predict_features(X)
    np.testing.assert_allclose(weighted, learner.fit(X[:20], y[:20], n_classes=3).predict_features(X), atol=1e-6)


@every_learner
def test_weights_that_are_all_zero_count_alike(learner):
    X, y = _data(20, 3), np.arange(20) % 2
    unweighted = learner.fit(X, y, n_classes=2).predict_features(X)
    np.testing.assert_array_equal(learner.fit(X, y, n_classes=2, weights=np.zeros(20)).predict_features(X), unweighted)


@every_learner
@pytest.mark.parametrize("k", [0, 1, 2, 4])
def test_saved_models_predict_the_same(learner, k, tmp_path):
    X = _data(30, 3)
    y = np.arange(30) % (k - 1 or 1) if k else X[:, 0].astype(np.float64)
    model = learner.fit(X, y, n_classes=k)
    save_state(tmp_path, model.state())
    restored = LearnerPredictor.restore(load_state(tmp_path))
    new = Dataset("new", Modality.FEATURES, _data(9, 3, 5))
    np.testing.assert_array_equal(restored.predict(new), model.predict(new))


def test_an_unknown_kind_is_refused():
    state = Linear().fit(_data(9, 2), np.arange(9) % 2, n_classes=2).state()
    with pytest.raises(InputError, match=r"kind 'os\.system'"):
        LearnerPredictor.restore(state | {"kind": "os.system"})
