"""ESZSL against its closed form and against the objective that it solves."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_zeroshot.eszsl import Eszsl, compatibility

from autotransfer.task import Context


@pytest.mark.parametrize(("n", "d", "z", "a"), [(40, 6, 5, 3), (12, 30, 4, 9), (50, 7, 3, 20)])
def test_equals_the_closed_form(rng, n: int, d: int, z: int, a: int) -> None:
    """V = (XᵀX + γ I)⁻¹ Xᵀ Y S (SᵀS + λ I)⁻¹ by explicit inverses, whichever side is the smaller one."""
    X, Y, S, gamma, lam = rng.normal(size=(n, d)), rng.choice([-1.0, 1.0], (n, z)), rng.normal(size=(z, a)), 0.7, 0.2
    expected = np.linalg.inv(X.T @ X + gamma * np.eye(d)) @ X.T @ Y @ S @ np.linalg.inv(S.T @ S + lam * np.eye(a))
    np.testing.assert_allclose(compatibility(X, Y, S, gamma, lam), expected, rtol=0, atol=1e-8)


def test_minimises_the_papers_objective(rng) -> None:
    """‖X V Sᵀ - Y‖² + γ ‖V Sᵀ‖² + λ ‖X V‖² + γ λ ‖V‖² as least squares in vec(V), by Kronecker products."""
    X, Y, S, gamma, lam = rng.normal(size=(20, 4)), rng.choice([-1.0, 1.0], (20, 3)), rng.normal(size=(3, 5)), 0.5, 2.0
    I4, I5 = np.eye(4), np.eye(5)
    blocks = [np.kron(S, X), gamma**0.5 * np.kron(S, I4), lam**0.5 * np.kron(I5, X), (gamma * lam) ** 0.5 * np.eye(20)]
    A = np.concatenate(blocks)
    wanted = np.concatenate([Y.ravel(order="F"), np.zeros(len(A) - Y.size)])
    V = np.linalg.lstsq(A, wanted, rcond=None)[0].reshape(4, 5, order="F")
    np.testing.assert_allclose(compatibility(X, Y, S, gamma, lam), V, rtol=0, atol=1e-8)


def test_the_fitted_model_ranks_by_the_closed_form(toy, rows) -> None:
    """Without calibration, argmax_z x V s_z with γ and λ in mean eigenvalues of XᵀX and SᵀS."""
    S = rows.S[rows.seen]
    gamma, lam = 0.3 * np.trace(rows.X.T @ rows.X) / 6, 0.3 * np.trace(S.T @ S) / 4
    Y = np.where(rows.y[:, None] == np.flatnonzero(rows.seen), 1.0, -1.0)
    left, right = np.linalg.inv(rows.X.T @ rows.X + gamma * np.eye(6)), np.linalg.inv(S.T @ S + lam * np.eye(4))
    scores = (toy.test.X - rows.mean) / rows.scale @ left @ rows.X.T @ Y @ S @ right @ rows.S.T
    predicted = Eszsl(calibration=0.0).fit(toy.task, None, Context()).predict(toy.test)
    np.testing.assert_array_equal(predicted.argmax(axis=1), scores.argmax(axis=1))
