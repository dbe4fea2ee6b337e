"""Expected improvement of a normal process on a finite set of arms, beside conditional normals and samples."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from autotransfer.data import Array
from autotransfer.foresight.pursuit import Pursuit

NOBODY = np.empty(0, dtype=np.int64)


def process(n: int = 6, seed: int = 0) -> Pursuit:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(n, n))
    return Pursuit(rng.normal(size=n), root @ root.T / n + 0.1 * np.eye(n), 5.0, -0.3)


def conditioned(pursuit: Pursuit, tried: Array, values: Array) -> tuple[Array, Array]:
    """Mean and deviation of a multivariate normal given some of its entries, by the inverse of the covariance: the
    entries left have the precision that stands in their block, and the mean that the others move."""
    n = len(pursuit.mean)
    precision = np.linalg.inv(pursuit.covariance + 1.0)
    rest = np.setdiff1d(np.arange(n), tried)
    covariance = np.linalg.inv(precision[np.ix_(rest, rest)])
    mean = pursuit.mean + pursuit.level
    moved = mean[rest] - covariance @ precision[np.ix_(rest, tried)] @ (values - mean[tried])
    return moved, np.sqrt(np.diag(covariance))


@pytest.mark.parametrize("count", [1, 2, 4])
def test_it_is_the_improvement_of_a_conditional_normal(count: int) -> None:
    """E max(0, z - best) by the law of the truncated normal; best is the best so far or no transfer, which is 0."""
    pursuit = process()
    tried, gains = np.arange(count), np.array([3.0, -2.0, 6.0, 1.0])[:count]
    unit = np.sqrt((4 * 25.0 + np.square(gains - gains.mean()).sum()) / (4 + count - 1))
    mean, deviation = conditioned(pursuit, tried, gains / unit)
    over = (mean - gains.max() / unit) / deviation
    expected = deviation * (over * stats.norm.cdf(over) + stats.norm.pdf(over))
    found = pursuit.improvement(tried, gains)
    np.testing.assert_allclose(found[count:], expected, rtol=1e-4)
    np.testing.assert_array_equal(found[:count], 0.0)


def test_before_any_trial_it_is_over_no_transfer() -> None:
    """By ten thousand draws."""
    pursuit = process()
    draws = np.random.default_rng(1).multivariate_normal(
        pursuit.mean + pursuit.level, pursuit.covariance + 1.0, size=10_000
    )
    expected, error = np.maximum(draws, 0).mean(axis=0), draws.std(axis=0) / 100
    assert (np.abs(pursuit.improvement(NOBODY, np.empty(0)) - expected) < 4 * error).all()


def test_kin_of_what_did_badly_falls() -> None:
    """Two arms go together, a third is on its own: a loss of the first counts against the second more."""
    together = np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.0], [0.0, 0.0, 1.0]])
    pursuit = Pursuit(np.zeros(3), together, 5.0, 0.0)
    before = pursuit.improvement(NOBODY, np.empty(0))
    after = pursuit.improvement(np.array([0]), np.array([-15.0]))
    assert before[1] == pytest.approx(before[2])
    assert after[1] < after[2] < before[2]


def test_what_is_certain_to_be_worse_is_worth_nothing() -> None:
    pursuit = Pursuit(np.array([0.0, -50.0]), 0.01 * np.eye(2), 5.0, 0.0)
    found = pursuit.improvement(np.array([0]), np.array([5.0]))
    assert found[1] < 1e-9
    assert np.isfinite(found).all()
