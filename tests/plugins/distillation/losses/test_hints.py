"""Hints against NumPy in double precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.losses.hints import Regressor, hint_loss, same_size


def test_the_loss_is_half_of_the_mean_squared_difference() -> None:
    rng = np.random.default_rng(0)
    guided, hint = rng.normal(size=(2, 3, 5, 4, 4))
    found = hint_loss(torch.tensor(guided), torch.tensor(hint))
    assert float(found) == pytest.approx(0.5 * np.square(guided - hint).mean())


@pytest.mark.parametrize("larger", ["student", "teacher"])
def test_the_larger_maps_are_averaged(larger: str) -> None:
    """2 × 2 blocks of 6 × 4 maps against maps of 3 × 2."""
    rng = np.random.default_rng(1)
    large, small = rng.normal(size=(2, 3, 6, 4)), rng.normal(size=(2, 3, 3, 2))
    blocks = large.reshape(2, 3, 3, 2, 2, 2).mean(axis=(3, 5))
    pair = (large, small) if larger == "student" else (small, large)
    found = hint_loss(*(torch.tensor(maps) for maps in pair))
    assert float(found) == pytest.approx(0.5 * np.square(blocks - small).mean())


def test_the_regressor_is_a_linear_map_of_planes() -> None:
    regressor = Regressor(3, 5).double()
    maps = np.random.default_rng(2).normal(size=(2, 3, 4, 4))
    weight, bias = (p.detach().numpy() for p in regressor.convolution.parameters())
    expected = np.einsum("ab,nbhw->nahw", weight[:, :, 0, 0], maps) + bias[None, :, None, None]
    np.testing.assert_allclose(regressor(torch.tensor(maps)).detach().numpy(), expected, atol=1e-12)


def test_maps_of_one_size_stay() -> None:
    a, b = torch.zeros(1, 2, 3, 3), torch.ones(1, 4, 3, 3)
    assert same_size(a, b) == (a, b)
