"""DAP against the product of attribute probabilities, its classifiers against scikit-learn."""

from __future__ import annotations

import time

import numpy as np
import pytest
from autotransfer_zeroshot.dap import Dap, attribute_classifiers, binary
from sklearn.linear_model import LogisticRegression

from autotransfer.errors import OutOfTimeError
from autotransfer.task import Context


def test_each_attribute_has_the_classifier_of_scikit_learn(rng) -> None:
    """min Σ loss + ½ l2 ‖w‖²: C = 1 / l2; all attributes in one descent."""
    X = rng.normal(size=(80, 4))
    T = (X @ rng.normal(size=(4, 3)) + rng.normal(size=(80, 3)) > 0).astype(float)
    W, b = attribute_classifiers(X, T, 0.5, Context())
    for m in range(3):
        one = LogisticRegression(C=2.0, tol=1e-8, max_iter=1000).fit(X, T[:, m])
        np.testing.assert_allclose(np.append(W[:, m], b[m]), np.append(one.coef_, one.intercept_), atol=2e-3)


def test_ranks_by_the_product_of_attribute_probabilities(toy, rows) -> None:
    """argmax_z Π_m p(a_m = a_zm | x) / p(a_m = a_zm), priors over the training classes, written out."""
    attributes = binary(toy.task.class_attributes)
    W, b = attribute_classifiers(rows.X, attributes[rows.y], 0.1, Context())
    P = 1 / (1 + np.exp(-((toy.test.X - rows.mean) / rows.scale @ W + b)))
    prior = attributes[rows.seen].mean(axis=0)
    scores = np.ones((len(P), len(attributes)))
    for z, signature in enumerate(attributes):
        for m, a in enumerate(signature):
            scores[:, z] *= (P[:, m] / prior[m]) if a else (1 - P[:, m]) / (1 - prior[m])
    predicted = Dap(calibration=0.0).fit(toy.task, None, Context()).predict(toy.test)
    np.testing.assert_array_equal(predicted.argmax(axis=1), scores.argmax(axis=1))


def test_attributes_are_cut_at_their_mean_and_binary_ones_stay() -> None:
    np.testing.assert_array_equal(binary(np.array([[0, 4.0], [1, 1.0], [1, 0.0]])), [[0, 1], [1, 0], [1, 0]])


def test_stops_when_the_time_is_spent(toy) -> None:
    with pytest.raises(OutOfTimeError):
        Dap().fit(toy.task, None, Context(deadline=time.monotonic() - 1))
