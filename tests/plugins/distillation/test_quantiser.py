"""Eight-bit weights against PyTorch's own fake quantisation."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_distillation.quantiser import LEVELS, dequantised, quantised


@pytest.mark.parametrize("shape", [(5, 7), (4, 3, 5, 5), (1, 1)])
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e4])
def test_values_are_those_of_pytorch(shape: tuple[int, ...], scale: float) -> None:
    """``fake_quantize_per_channel_affine`` with the same scales, zero points 0 and levels -127 to 127."""
    array = (np.random.default_rng(0).normal(size=shape) * scale).astype(np.float32)
    found = quantised(array)
    zeros = torch.zeros(shape[0], dtype=torch.int32)
    expected = torch.fake_quantize_per_channel_affine(
        torch.from_numpy(array), torch.from_numpy(found.scales), zeros, 0, -LEVELS, LEVELS
    )
    assert found.values.dtype == np.int8
    np.testing.assert_allclose(dequantised(found), expected.numpy(), rtol=1e-6)


def test_errors_are_at_most_half_a_step_and_the_largest_value_is_kept() -> None:
    array = np.random.default_rng(1).normal(size=(6, 40)).astype(np.float32)
    found = quantised(array)
    assert (np.abs(dequantised(found) - array) <= found.scales[:, None] / 2 * (1 + 1e-5)).all()
    largest = np.abs(array).argmax(axis=1)
    np.testing.assert_allclose(dequantised(found)[np.arange(6), largest], array[np.arange(6), largest], rtol=1e-6)


def test_zeros_stay_zeros_and_empty_channels_are_fine() -> None:
    array = np.array([[0.0, 0.5, -2.0], [0.0, 0.0, 0.0]], np.float32)
    found = quantised(array)
    np.testing.assert_array_equal(dequantised(found)[array == 0], 0.0)
    assert np.isfinite(found.scales).all()
