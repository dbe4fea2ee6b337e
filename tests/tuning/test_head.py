"""A fitted head says what the linear learner says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

from autotransfer.learners import Linear
from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning
from autotransfer.tuning.head import linear_head, probe


@pytest.mark.parametrize("classes", [(0, 1), (0, 1, 2), (0, 2), (1, 2, 3)])
def test_softmax_of_the_head_is_the_learners_probability(classes: tuple[int, ...]) -> None:
    """Two classes have one score in the learner; an absent class next to no probability in the head."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 5)).astype(np.float32), np.array(classes)[np.arange(40) % len(classes)]
    weight, bias = linear_head(X, y, 4, 0)
    assert weight.shape == (4, 5)
    found = torch.softmax(torch.from_numpy(X @ weight.T + bias), dim=1).numpy()
    expected = Linear().fit(X, y, n_classes=4, seed=0).predict_features(X)
    np.testing.assert_allclose(found, expected, atol=5e-3)


def test_values_are_those_of_ridge_regression() -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(40, 5)).astype(np.float32), rng.normal(size=40)
    weight, bias = linear_head(X, y, 0, 0)
    expected = Linear().fit(X, y, n_classes=0, seed=0).predict_features(X)
    np.testing.assert_allclose((X @ weight.T + bias)[:, 0], expected, rtol=1e-4, atol=1e-5)


def test_a_head_of_one_class_or_of_equal_values_is_finite() -> None:
    X = np.ones((4, 2), np.float32)
    for y, classes in ((np.zeros(4, np.int64), 2), (np.ones(4), 0)):
        assert all(np.isfinite(part).all() for part in linear_head(X, y, classes, 0))


def test_the_networks_head_is_filled(problem: ToyProblem, begin: Callable[..., Tuning]) -> None:
    tuning = begin(problem)
    probe(tuning)
    with torch.no_grad():
        scores = tuning.network(tuning.rows.X).scores
    assert float((scores.argmax(dim=1) == tuning.rows.y).float().mean()) > 0.6
