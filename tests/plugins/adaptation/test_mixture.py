"""Proportions of a mixture against a generic solver."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.mixture import mixture_proportions
from scipy.optimize import minimize


def test_reaches_the_maximum() -> None:
    """sum_j log(L p) is that of SciPy's SLSQP on the simplex or above."""
    L = np.random.default_rng(0).gamma(1.0, size=(80, 4))
    found = mixture_proportions(L, np.full(4, 0.25), steps=5000)
    best = minimize(
        lambda p: -np.log(L @ p).sum(),
        np.full(4, 0.25),
        bounds=[(0, 1)] * 4,
        constraints={"type": "eq", "fun": lambda p: p.sum() - 1},
    )
    assert abs(found.sum() - 1) < 1e-12
    assert (found >= 0).all()
    assert np.log(L @ found).sum() >= -best.fun - 1e-6


def test_finds_the_shares_of_two_gaussians() -> None:
    """20 % from N(3, 1), 80 % from N(0, 1)."""
    rng = np.random.default_rng(1)
    x = np.concatenate([rng.normal(0, 1, 1600), rng.normal(3, 1, 400)])
    L = np.exp(-((x[:, None] - [0.0, 3.0]) ** 2) / 2)
    assert abs(mixture_proportions(L, np.array([0.5, 0.5]))[1] - 0.2) < 0.03


def test_rows_that_nothing_explains_take_no_part() -> None:
    """Likelihood 0 everywhere: the start stays."""
    np.testing.assert_array_equal(mixture_proportions(np.zeros((5, 2)), np.array([0.3, 0.7])), [0.3, 0.7])


def test_the_scale_of_a_row_does_not_matter() -> None:
    """argmax of sum_j log(s_j L_j p) is that of sum_j log(L_j p), also for scales whose reciprocal overflows."""
    rng = np.random.default_rng(2)
    L, start = rng.gamma(1.0, size=(60, 3)), np.full(3, 1 / 3)
    scales = 10.0 ** rng.choice([-312, -200, 0, 200], size=(60, 1))
    np.testing.assert_allclose(mixture_proportions(L * scales, start), mixture_proportions(L, start), atol=1e-6)
