"""Kernels around target rows."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.ratio_kernels import CENTERS, RatioKernels

from autotransfer.task import Context


def test_values_are_gaussians_around_target_rows() -> None:
    """Each centre is a target row, so every column is 1 somewhere in the target; widths rise."""
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(150, 3)), rng.normal(size=(400, 3))
    kernels = RatioKernels.around_target(S, T, Context(seed=1))
    phi_S, phi_T = kernels.values(0.5)
    assert phi_S.shape == (150, CENTERS)
    np.testing.assert_allclose(phi_T.max(axis=0), 1.0)
    assert (np.diff(list(kernels.widths())) > 0).all()


def test_wide_rows_are_narrowed() -> None:
    """300 columns: distances on 128 directions are no larger than those on all."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(size=(50, 300)), rng.normal(size=(60, 300))
    kernels = RatioKernels.around_target(S, T, Context())
    assert kernels.source.shape == (50, 60)
    assert kernels.source.max() < np.square(S[:, None] - T).sum(axis=2).max() + 1e-6
