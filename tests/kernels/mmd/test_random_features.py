"""Random Fourier features against the kernel that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.errors import InputError
from autotransfer.kernels import mmd2, random_feature_mmd2

WIDTHS = [6.0, 3.0]


def test_unbiased_for_the_biased_mmd2(samples) -> None:
    """The mean over draws of the frequencies is MMD^2, within three standard errors."""
    x, y = samples(60, 50, 3)
    values = [random_feature_mmd2(x, y, WIDTHS, features=64, seed=seed).item() for seed in range(200)]
    exact = mmd2(x, y, WIDTHS, False).item()
    assert abs(np.mean(values) - exact) < 3 * np.std(values) / np.sqrt(200)


def test_error_falls_with_the_square_root_of_features(samples) -> None:
    """Sixteen times the features: about a quarter of the spread."""
    x, y = samples(60, 50, 3)
    spread = [
        np.std([random_feature_mmd2(x, y, WIDTHS, features=count, seed=seed).item() for seed in range(100)])
        for count in (32, 512)
    ]
    assert spread[0] / spread[1] == pytest.approx(4, rel=0.35)


def test_gradients_and_large_samples(samples) -> None:
    """Against finite differences; more rows than one chunk; an offset does no harm in float32."""
    x, y = (sample.requires_grad_() for sample in samples(6, 5, 3))
    assert torch.autograd.gradcheck(lambda a, b: random_feature_mmd2(a, b, WIDTHS, features=9), (x, y))
    X, Y = samples(10_000, 9_000, 3, torch.float32)
    value = random_feature_mmd2(X, Y, WIDTHS, features=256).item()
    assert value == pytest.approx(random_feature_mmd2(X.double(), Y.double(), WIDTHS, features=256).item(), rel=1e-4)
    assert value == pytest.approx(mmd2(X, Y, WIDTHS, False).item(), rel=0.3)


def test_errors(samples) -> None:
    """At least one feature; seeds give equal results."""
    x, y = samples(6, 5, 3)
    assert random_feature_mmd2(x, y, WIDTHS, seed=1) == random_feature_mmd2(x, y, WIDTHS, seed=1)
    with pytest.raises(InputError, match="features is 0"):
        random_feature_mmd2(x, y, WIDTHS, features=0)
