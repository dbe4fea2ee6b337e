"""Similarities against NumPy in double precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.losses.similarity import similarity_loss


def by_hand(z: np.ndarray) -> np.ndarray:
    G = z @ z.T
    return G / np.linalg.norm(G, axis=1, keepdims=True)


@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e3])
def test_the_loss_is_the_squared_distance_of_scaled_similarities(scale: float) -> None:
    """||G_T - G_S||_F^2 / n^2 with rows of length 1."""
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(6, 3)) * scale, rng.normal(size=(6, 5))
    expected = np.square(by_hand(teacher) - by_hand(student)).sum() / 6**2
    assert float(similarity_loss(torch.tensor(student), torch.tensor(teacher))) == pytest.approx(expected)


def test_turned_and_scaled_rows_are_as_similar_as_before() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(6, 3))
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    assert float(similarity_loss(torch.tensor(z), torch.tensor(3.0 * z @ turn))) == pytest.approx(0.0, abs=1e-25)


def test_dead_rows_have_a_finite_gradient() -> None:
    z = torch.zeros(4, 3, requires_grad=True)
    similarity_loss(z, torch.randn(4, 5)).backward()
    assert torch.isfinite(z.grad).all()
