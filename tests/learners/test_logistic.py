"""The logistic objective and its solver."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime

from autotransfer.learners.links import probabilities
from autotransfer.learners.logistic import logistic_curvature, logistic_objective, solve_logistic
from autotransfer.learners.rows import Rows


def _rows(k):
    rng = np.random.default_rng(0)
    return Rows(rng.normal(size=(25, 4)), np.arange(25) % k, k, rng.uniform(0.5, 2.0, 25))


@pytest.mark.parametrize("k", [2, 3])
def test_gradient_equals_finite_differences(k):
    rng, rows = np.random.default_rng(1), _rows(k)
    m = 1 if k == 2 else k
    rest = (rows.X, rows, rng.uniform(0.1, 2.0, 4), rng.normal(size=(25, m)))
    flat = rng.normal(size=4 * m)
    numerical = approx_fprime(flat, lambda at: logistic_objective(at, *rest)[0], 1e-7)
    np.testing.assert_allclose(logistic_objective(flat, *rest)[1], numerical, atol=1e-5)


@pytest.mark.parametrize("k", [2, 3])
def test_solution_has_no_slope(k):
    """At the minimum, Xᵀ(P - Y) + l2 W = 0, in the original columns."""
    rows = _rows(k)
    offset = np.random.default_rng(2).normal(size=(25, 1 if k == 2 else k))
    W, b = solve_logistic(rows, 0.7, offset, intercept=False)
    _, slope = logistic_objective(W.ravel(), rows.X, rows, np.full(4, 0.7), offset)
    np.testing.assert_allclose(slope, 0.0, atol=1e-6)
    np.testing.assert_array_equal(b, 0.0)


@pytest.mark.parametrize("k", [2, 3])
def test_curvature_equals_finite_differences_of_the_gradient(k):
    rng, rows = np.random.default_rng(1), _rows(k)
    m = 1 if k == 2 else k
    rest = (rows.X, rows, rng.uniform(0.1, 2.0, 4), rng.normal(size=(25, m)))
    flat = rng.normal(size=4 * m)
    columns = [
        (logistic_objective(flat + h, *rest)[1] - logistic_objective(flat - h, *rest)[1]) / 2e-5
        for h in 1e-5 * np.eye(4 * m)
    ]
    np.testing.assert_allclose(logistic_curvature(flat, *rest), np.stack(columns), atol=1e-8)


@pytest.mark.parametrize(("n", "d", "k"), [(300, 10, 2), (300, 10, 4), (400, 90, 2), (900, 60, 5)])
@pytest.mark.parametrize("l2", [1e-3, 1.0, 1e3])
def test_every_way_leads_to_the_minimum(n, d, k, l2):
    """Few weights and many, two classes and more, separable rows and a strong penalty, columns of scales 1e-3 to 1e3:
    at the minimum Xᵀ(P - Y) + l2 W = 0."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, d)) * np.logspace(-3, 3, d)
    y = np.argmax(X[:, :k] / np.logspace(-3, 3, d)[:k] + rng.normal(size=(n, k)), axis=1)
    rows = Rows(X, y, k, np.ones(n))
    W, b = solve_logistic(rows, l2)
    P, Y = probabilities(X @ W + b), np.eye(k)[y]
    slope = X.T @ (P - Y)[:, -W.shape[1] :] + l2 * W
    assert np.abs(slope / np.sqrt((X**2).sum(axis=0) + l2)[:, None]).max() < 1e-3 * np.sqrt(n)
    assert np.abs((P - Y).sum(axis=0)).max() < 1e-3 * n
