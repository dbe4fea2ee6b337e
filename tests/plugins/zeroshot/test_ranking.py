"""The shared descent: its derivative is that of the loss, and it lowers the loss."""

from __future__ import annotations

import time

import numpy as np
import pytest
from autotransfer_zeroshot.ale import Ale
from autotransfer_zeroshot.devise import Devise, every
from autotransfer_zeroshot.ranking import Descent, descend, subgradient, violations
from autotransfer_zeroshot.sje import Sje

from autotransfer.errors import OutOfTimeError
from autotransfer.task import Context


def ale_loss(L: np.ndarray) -> float:
    """β_r / r Σ max(0, violation), β_r = 1 + 1/2 + ... + 1/r, written out row by row."""
    total = 0.0
    for row in L:
        above = row[row > 0]
        beta = sum(1 / i for i in range(1, len(above) + 1))
        total += beta / max(len(above), 1) * above.sum()
    return total / len(L)


LOSSES = {
    "ale": (Ale.weights, ale_loss),
    "sje": (Sje.weights, lambda L: float(np.maximum(L, 0).max(axis=1).mean())),
    "devise": (every, lambda L: float(np.maximum(L, 0).sum(axis=1).mean())),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("margin", [0.1, 1.0])
def test_the_subgradient_is_the_losss_derivative(rng, name: str, margin: float) -> None:
    """Central differences, away from the kinks."""
    weights, loss = LOSSES[name]
    X, S, y = rng.normal(size=(8, 3)), rng.normal(size=(5, 4)), rng.integers(5, size=8)
    V, step = rng.normal(size=(3, 4)), 1e-6
    found = subgradient(V, X, y, S, weights, margin)
    for entry in np.ndindex(V.shape):
        moved = np.zeros_like(V)
        moved[entry] = step
        up, down = (loss(violations(V + sign * moved, X, y, S, margin)) for sign in (1, -1))
        assert found[entry] == pytest.approx((up - down) / (2 * step), abs=1e-5)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("adaptive", [False, True])
def test_descent_lowers_the_loss(rows, name: str, adaptive: bool) -> None:
    """Below the loss of V = 0, where every other class violates the margin by all of it."""
    weights, loss = LOSSES[name]
    V = descend(rows, weights, Descent(20, 0.3, 1.0, adaptive), Context())
    y = np.searchsorted(rows.classes, rows.y)
    after, before = (loss(violations(at, rows.X, y, rows.S[rows.seen], 1.0)) for at in (V, 0 * V))
    assert after < 0.7 * before


@pytest.mark.parametrize("method", [Ale, Sje, Devise])
def test_stops_when_the_time_is_spent(toy, method) -> None:
    with pytest.raises(OutOfTimeError):
        method().fit(toy.task, None, Context(deadline=time.monotonic() - 1))
