"""The quadratic programme of kernel mean matching, against a generic solver."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.box_quadratic import minimize_quadratic
from scipy.optimize import LinearConstraint, minimize


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("total", [(19.0, 21.0), (5.0, 6.0), (0.0, 60.0)], ids=["tight", "low", "loose"])
def test_equals_a_generic_solver(seed: int, total: tuple[float, float]) -> None:
    """The objective is that of scipy's SLSQP or below, and the point is feasible."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(20, 2))
    K = np.exp(-np.square(X[:, None] - X).sum(axis=2))
    kappa = 20 * rng.uniform(0, 1, size=20)

    def objective(b):
        return 0.5 * b @ K @ b - kappa @ b

    ours = minimize_quadratic(K, kappa, 3.0, total, steps=5000)
    theirs = minimize(
        objective,
        np.full(20, total[0] / 20),
        jac=lambda b: K @ b - kappa,
        bounds=[(0.0, 3.0)] * 20,
        constraints=LinearConstraint(np.ones(20), *total),
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-10},
    )
    assert ((ours >= 0) & (ours <= 3.0)).all()
    assert total[0] - 1e-6 <= ours.sum() <= total[1] + 1e-6
    assert objective(ours) <= theirs.fun + 1e-4 * abs(theirs.fun)


@pytest.mark.parametrize("total", [(380.0, 420.0), (0.0, 100.0), (700.0, 800.0)], ids=["slack", "upper", "lower"])
def test_the_steps_allowed_by_default_settle_it(total: tuple[float, float]) -> None:
    """A smooth kernel over many rows: 20,000 steps would gain less than three parts in ten thousand."""
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(400, 8)), rng.normal(0.5, 0.7, size=(60, 8))
    K = np.exp(-np.square(S[:, None] - S).sum(axis=2) / 16)
    kappa = 400 * np.exp(-np.square(S[:, None] - T).sum(axis=2) / 16).mean(axis=1)

    def objective(b):
        return 0.5 * b @ K @ b - kappa @ b

    found, best = minimize_quadratic(K, kappa, 20.0, total), minimize_quadratic(K, kappa, 20.0, total, steps=20_000)
    assert total[0] - 1e-6 <= found.sum() <= total[1] + 1e-6
    assert objective(found) - objective(best) <= 3e-4 * abs(objective(best))
