"""Relational losses against loops over pairs and triplets in double precision."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from autotransfer_distillation.losses.relations import angle_loss, distance_loss
from scipy.spatial.distance import cdist


def huber(x: np.ndarray) -> np.ndarray:
    """x^2 / 2 within 1, |x| - 1/2 beyond (the paper, equation 4)."""
    return np.where(np.abs(x) <= 1, 0.5 * x**2, np.abs(x) - 0.5)


def relative(z: np.ndarray) -> np.ndarray:
    distances = cdist(z, z)
    return distances / distances[distances > 0].mean()


def cosine(z: np.ndarray, i: int, j: int, k: int) -> float:
    a, b = z[i] - z[j], z[k] - z[j]
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    return 0.0 if lengths == 0 else float(a @ b / lengths)


@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e3])
def test_distances(scale: float) -> None:
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(6, 3)) * scale, rng.normal(size=(6, 5))
    expected = huber(relative(student) - relative(teacher)).mean()
    assert float(distance_loss(torch.tensor(student), torch.tensor(teacher))) == pytest.approx(expected)


def test_angles() -> None:
    rng = np.random.default_rng(1)
    student, teacher = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    triplets = [(i, j, k) for i in range(5) for j in range(5) for k in range(5)]
    gaps = [cosine(student, *triplet) - cosine(teacher, *triplet) for triplet in triplets]
    expected = huber(np.array(gaps)).mean()
    assert float(angle_loss(torch.tensor(student), torch.tensor(teacher))) == pytest.approx(expected)


@pytest.mark.parametrize("loss", [distance_loss, angle_loss])
def test_moved_turned_and_scaled_rows_stand_in_the_same_relations(loss: Callable[..., torch.Tensor]) -> None:
    rng = np.random.default_rng(2)
    z = rng.normal(size=(8, 3))
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    other = 4.0 * z @ turn + rng.normal(size=3)
    assert float(loss(torch.tensor(z), torch.tensor(other))) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("loss", [distance_loss, angle_loss])
def test_equal_rows_have_a_finite_gradient(loss: Callable[..., torch.Tensor]) -> None:
    z = torch.ones(4, 3, requires_grad=True)
    loss(z, torch.randn(4, 5)).backward()
    assert torch.isfinite(z.grad).all()
