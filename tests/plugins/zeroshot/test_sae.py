"""SAE against a general Sylvester solver and against its own objective."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_zeroshot.sae import tied_weights
from scipy.linalg import solve_sylvester


@pytest.mark.parametrize("lam", [0.01, 1.0, 100.0])
def test_solves_the_sylvester_equation(rng, lam: float) -> None:
    """SᵀS W + W (λ XᵀX) = (1 + λ) SᵀX, by scipy."""
    X, S = rng.normal(size=(30, 5)), rng.normal(size=(30, 3))
    expected = solve_sylvester(S.T @ S, lam * X.T @ X, (1 + lam) * S.T @ X)
    np.testing.assert_allclose(tied_weights(X, S, lam), expected, atol=1e-9)


def test_is_stationary_for_the_papers_objective(rng) -> None:
    """The derivative of ‖X - S W‖² + λ ‖X Wᵀ - S‖² by W is zero, by central differences."""
    X, S, lam = rng.normal(size=(20, 4)), rng.normal(size=(20, 3)), 0.6
    W, step = tied_weights(X, S, lam), 1e-6

    def objective(W: np.ndarray) -> float:
        return float(np.square(X - S @ W).sum() + lam * np.square(X @ W.T - S).sum())

    for entry in np.ndindex(W.shape):
        moved = np.zeros_like(W)
        moved[entry] = step
        assert abs(objective(W + moved) - objective(W - moved)) / (2 * step) < 1e-6


def test_rows_and_signatures_without_full_rank_give_finite_weights(rng) -> None:
    X, S = rng.normal(size=(4, 9)), np.ones((4, 3))
    W = tied_weights(X, S, 1.0)
    np.testing.assert_allclose(S.T @ S @ W + W @ X.T @ X, 2 * S.T @ X, atol=1e-9)
    assert np.isfinite(tied_weights(np.zeros((4, 9)), S, 1.0)).all()
