"""Newton's method."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.learners.newton import minimize_newton


def test_a_quadratic_takes_one_step():
    """The minimum of ½ xᵀ H x - c·x is H⁻¹ c; the second look at the slope is the last."""
    rng = np.random.default_rng(0)
    root = rng.normal(size=(5, 5))
    H, c = root @ root.T + np.eye(5), rng.normal(size=5)
    looks = []

    def objective(x):
        looks.append(x)
        return 0.5 * x @ H @ x - c @ x, H @ x - c

    found = minimize_newton(objective, lambda x: H.copy(), np.zeros(5))
    np.testing.assert_allclose(found, np.linalg.solve(H, c), atol=1e-8)
    assert len(looks) == 2


@pytest.mark.parametrize("start", [-30.0, 30.0])
def test_steps_that_would_overshoot_are_halved(start):
    """f(x) = log cosh(x): from |x| > 1.09 on, full Newton steps run away from the minimum at 0."""

    def objective(x):
        return float(np.logaddexp(x[0], -x[0])), np.tanh(x)

    found = minimize_newton(objective, lambda x: np.array([[1 - np.tanh(x[0]) ** 2 + 1e-12]]), np.array([start]))
    assert abs(found[0]) < 1e-6


def test_a_direction_without_curvature_or_slope_stays():
    """f(x) = (x₁ - x₂)² does not care about x₁ + x₂, which keeps its start."""
    H = np.array([[2.0, -2.0], [-2.0, 2.0]])
    found = minimize_newton(lambda x: (float((x[0] - x[1]) ** 2), H @ x), lambda x: H.copy(), np.array([3.0, 1.0]))
    np.testing.assert_allclose(found, [2.0, 2.0], atol=1e-6)
