"""Attention transfer against NumPy in double precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.losses.attention import attention_loss, attention_map


def by_hand(maps: np.ndarray) -> np.ndarray:
    """sum over planes of |A|^2, as a vector of length 1."""
    q = np.square(maps).sum(axis=1).reshape(len(maps), -1)
    return q / np.linalg.norm(q, axis=1, keepdims=True)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_the_loss_is_the_squared_distance_of_attention_maps(scale: float) -> None:
    rng = np.random.default_rng(0)
    student, teacher = rng.normal(size=(4, 3, 5, 5)) * scale, rng.normal(size=(4, 8, 5, 5))
    expected = np.square(by_hand(student) - by_hand(teacher)).mean()
    assert float(attention_loss(torch.tensor(student), torch.tensor(teacher))) == pytest.approx(expected)


def test_planes_and_their_scale_do_not_matter() -> None:
    """The map of k equal planes, whatever their common factor, is the map of one."""
    one = torch.rand(2, 1, 3, 3, dtype=torch.float64)
    torch.testing.assert_close(attention_map(one), attention_map(7.0 * one.repeat(1, 5, 1, 1)))
    assert float(attention_loss(one, 7.0 * one.repeat(1, 5, 1, 1))) == pytest.approx(0.0, abs=1e-30)


def test_dead_maps_have_a_finite_gradient() -> None:
    maps = torch.zeros(2, 3, 4, 4, requires_grad=True)
    attention_loss(maps, torch.rand(2, 3, 4, 4)).backward()
    assert torch.isfinite(maps.grad).all()
