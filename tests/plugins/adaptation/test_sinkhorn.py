"""Entropic transport against its optimality conditions."""

from __future__ import annotations

import time

import numpy as np
import pytest
from autotransfer_adaptation.sinkhorn import sinkhorn_plan
from scipy.optimize import linear_sum_assignment

from autotransfer.errors import OutOfTimeError
from autotransfer.task import Context


def _cost(m: int, n: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    cost = np.square(rng.normal(size=(m, 1, 3)) - rng.normal(1.0, 1.0, size=(1, n, 3))).sum(axis=2)
    return cost / cost.mean()


@pytest.mark.parametrize("entropy", [1.0, 0.05, 0.01])
def test_is_the_optimum(entropy: float) -> None:
    """Margins are right, and log P + cost / entropy = f_i + g_j: every 2 x 2 minor of its exponential vanishes."""
    cost = _cost(30, 20)
    plan = sinkhorn_plan(cost, entropy, Context(), steps=20_000, tolerance=1e-10)
    np.testing.assert_allclose(plan.sum(axis=0), 1 / 20)
    np.testing.assert_allclose(plan.sum(axis=1), 1 / 30, atol=1e-8)
    potentials = np.log(plan) * entropy + cost
    rest = potentials - potentials[:1] - potentials[:, :1] + potentials[0, 0]
    np.testing.assert_allclose(rest, 0.0, atol=1e-8)


def test_little_entropy_is_an_assignment() -> None:
    """Entropy 0.002: within 2 % of the cost of SciPy's exact assignment, nothing infinite, nothing lost."""
    cost = _cost(25, 25)
    plan = sinkhorn_plan(cost, 0.002, Context(), steps=50_000)
    rows, columns = linear_sum_assignment(cost)
    assert np.isfinite(plan).all()
    np.testing.assert_allclose((plan * cost).sum(), cost[rows, columns].mean(), rtol=0.02)


@pytest.mark.parametrize("scale", [0.0, 1e-12, 1e6])
def test_any_scale_of_costs(scale: float) -> None:
    """Equal costs give the product of the margins; huge ones stay finite with columns exact."""
    plan = sinkhorn_plan(_cost(8, 5) * scale, 0.1, Context())
    np.testing.assert_allclose(plan.sum(axis=0), 0.2)
    if scale < 1:
        np.testing.assert_allclose(plan, 1 / 40, rtol=1e-6)


def test_stops_when_the_time_is_spent() -> None:
    """The clock is looked at between steps."""
    with pytest.raises(OutOfTimeError):
        sinkhorn_plan(_cost(30, 20), 1e-4, Context(deadline=time.monotonic() - 1), tolerance=0.0)
