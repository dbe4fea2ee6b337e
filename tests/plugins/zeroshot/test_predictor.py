"""Class scores: linear and quadratic, saved and restored."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_zeroshot.predictor import ClassScores, Scores, finished

from autotransfer.data import Dataset, Modality
from autotransfer.state import load_state, save_state


@pytest.mark.parametrize("quadratic", [False, True])
def test_probabilities_are_the_softmax_of_the_scores(rng, tmp_path, quadratic: bool) -> None:
    W, b, X = rng.normal(size=(3, 4)), rng.normal(size=4), rng.normal(size=(5, 3))
    Q = rng.normal(size=(3, 4)) if quadratic else None
    model = ClassScores(Scores(W, b, Q), np.ones(3), np.full(3, 2.0))
    Z = (X - 1) / 2
    scores = np.exp(Z @ W + b + (Z**2 @ Q if quadratic else 0))
    rows = Dataset("rows", Modality.FEATURES, X)
    np.testing.assert_allclose(model.predict(rows), scores / scores.sum(axis=1, keepdims=True))
    save_state(tmp_path, model.state())
    np.testing.assert_array_equal(ClassScores.restore(load_state(tmp_path)).predict(rows), model.predict(rows))


def test_sureness_does_not_depend_on_the_scale_of_the_scores(rows, rng) -> None:
    """Scores multiplied by 1000 give the same probabilities, as their median lead is brought to 3."""
    scores = Scores(rng.normal(size=(6, 7)), rng.normal(size=7))
    one, other = (finished(rows, scores.times(factor), 0.4).scores for factor in (1.0, 1000.0))
    np.testing.assert_allclose(one.W, other.W)
    np.testing.assert_allclose(one.b, other.b)


def test_scores_that_are_all_alike_stay_finite(rows) -> None:
    model = finished(rows, Scores(np.zeros((6, 7)), np.zeros(7)), 0.5)
    np.testing.assert_allclose(model.predict_features(rows.X), 1 / 7)
