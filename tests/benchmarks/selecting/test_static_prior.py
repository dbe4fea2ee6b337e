"""The static prior, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.foresight.arms import Arms, Experience
from benchmarks.selecting.static_prior import judged, prior_orders


def table(gain: np.ndarray) -> Experience:
    """Three targets × two arms."""
    targets = np.repeat(["a", "b", "c"], 2).astype(object)
    keys = np.tile([["one"], ["two"]], (3, 1)).astype(object)
    arms = Arms(np.zeros((6, 0)), (), keys, targets, targets)
    return Experience(arms, gain, np.full(6, np.nan))


def test_an_arms_record_elsewhere_is_its_place() -> None:
    """Standard scores of two arms are ±1/√2: with arm one better on a and b, it is first on c, and wrong there."""
    found = {task: order for task, order, _ in prior_orders(table(np.array([1.0, 0.0, 9.0, 0.0, 0.0, 4.0])))}
    half = 1 / np.sqrt(2)
    np.testing.assert_allclose(found["c"], [half, -half])
    np.testing.assert_allclose(found["a"], [0.0, 0.0], atol=1e-12)


def test_judged() -> None:
    """Arm one always better by 2 points: no regret, chance loses 1, tau is 1."""
    found = judged(prior_orders(table(np.array([2.0, 0.0] * 3))))
    assert found == {"regret": 0.0, "random": 1.0, "weighted tau": pytest.approx(1.0)}
