"""The protocol of the published tables."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.gfk import Gfk

from benchmarks.adapting.svm import CrossValidatedSvm
from benchmarks.adapting.transduction import NEAREST, averaged, by, fitted, nearest, percent, principal


def _rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    return rng.normal(size=(60, 6)) + 4 * np.eye(6)[y], y, rng.normal(size=(30, 6)) + 4 * np.eye(6)[np.arange(30) % 3]


def test_predictions_are_those_of_nearest_neighbours() -> None:
    """1-NN written out; all principal components keep it."""
    S, y, T = _rows()
    expected = y[np.square(T[:, None] - S).sum(axis=2).argmin(axis=1)]
    np.testing.assert_array_equal(nearest(S, y, T), expected)
    np.testing.assert_array_equal(principal(6)(S, y, T), expected)


def test_a_method_is_fitted_without_any_target_label() -> None:
    """What ``by`` says is what the fitted method predicts for the same rows."""
    S, y, T = _rows()
    method = Gfk(learner=NEAREST, dims=3)
    model = fitted(method, S, y, T)
    np.testing.assert_array_equal(by(method)(S, y, T), model.predict_features(T).argmax(axis=1))


def test_svm_chooses_its_penalty_by_the_rows_it_is_given() -> None:
    """Well separated classes: all right."""
    S, y, T = _rows()
    found = CrossValidatedSvm().fit(S, y, n_classes=3).predict_features(T).argmax(axis=1)
    assert percent(found, np.arange(30) % 3) > 90


def test_figures() -> None:
    """Two decimals."""
    assert percent(np.array([1, 1, 0]), np.array([1, 0, 0])) == 66.67
    assert averaged({"a": 1.0, "b": 2.0, "c": 2.0}) == 1.67
