"""KLIEP."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.kliep import Kliep, likeliest_ratios, ratio_coefficients
from autotransfer_adaptation.ratio_kernels import RatioKernels
from scipy.optimize import minimize

from autotransfer.task import Context


def test_equals_a_generic_solver() -> None:
    """max mean log(phi_T alpha), mean phi_S alpha = 1, alpha >= 0: the objective is SLSQP's or above."""
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(60, 1)), rng.normal(0.7, 0.6, size=(30, 1))
    phi_S, phi_T = (np.exp(-((X - T[:6, 0]) ** 2)) for X in (S, T))
    found = ratio_coefficients(phi_S, phi_T, steps=20_000)
    best = minimize(
        lambda a: -np.log(phi_T @ a).mean(),
        np.ones(6),
        bounds=[(1e-9, None)] * 6,
        constraints={"type": "eq", "fun": lambda a: (phi_S @ a).mean() - 1},
    )
    np.testing.assert_allclose((phi_S @ found).mean(), 1.0)
    assert np.log(phi_T @ found).mean() >= -best.fun - 1e-5


def test_ratio_of_two_gaussians() -> None:
    """N(0.5, 0.7^2) over N(0, 1): correlation of the logarithms above 0.9 where the target lives."""
    rng = np.random.default_rng(1)
    S, T = rng.normal(size=(1500, 1)), rng.normal(0.5, 0.7, size=(1500, 1))
    found = likeliest_ratios(RatioKernels.around_target(S, T, Context(seed=0)), Context(seed=0))
    x = S[:, 0]
    true = np.exp(x**2 / 2 - (x - 0.5) ** 2 / (2 * 0.49)) / 0.7
    assert np.corrcoef(found, true)[0, 1] > 0.9
    assert abs(found.mean() - 1) < 1e-6


def test_kernels_that_no_source_row_is_near_are_left_out() -> None:
    """A target far away: finite weights all the same."""
    phi_S, phi_T = np.array([[1.0, 0.0], [0.5, 0.0]]), np.array([[0.2, 1.0], [0.0, 1.0]])
    assert np.isfinite(ratio_coefficients(phi_S, phi_T)).all()
    assert np.isfinite(ratio_coefficients(phi_S * 0, phi_T)).all()


def test_reports_its_sample_size_and_clips(shift) -> None:
    """Effective size between 1 and m; no ratio above clip times the mean before."""
    task, source, _ = shift(matrix=np.eye(4))
    loose, tight = (Kliep(clip=clip).fit(task, source, Context(seed=0)).diagnostics for clip in (100.0, 2.0))
    assert 1 <= loose["effective_sample_size"] <= tight["effective_sample_size"] <= 300
    assert tight["largest_weight"] <= loose["largest_weight"]
    even = Kliep(flattening=0.0).fit(task, source, Context(seed=0)).diagnostics
    assert (even["effective_sample_size"], even["largest_weight"]) == (300, 1)
