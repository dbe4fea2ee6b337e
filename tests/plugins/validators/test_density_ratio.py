"""Density ratios of two Gaussians, whose true ratio is known."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators import density_ratio as module
from autotransfer_validators.density_ratio import density_ratios
from scipy import stats


def parts(rng, shift, n=1500, d=1):
    known, held, target = (rng.normal(size=(size, d)) for size in (n, n // 2, n))
    target[:, 0] += shift
    return known, held, target


def test_two_gaussians_have_the_ratio_of_their_densities(make, rng):
    """N(1, 1) / N(0, 1) = exp(x - 1/2), which a logistic domain classifier can state exactly."""
    known, held, target = parts(rng, 1.0)
    found = density_ratios(make(held=np.eye(2)[[0] * 750], X=(known, held, target)))
    expected = np.exp(held[:, 0] - 0.5)
    assert stats.pearsonr(np.log(found), np.log(expected))[0] > 0.999
    assert found.mean() == pytest.approx(1.0, abs=0.15)
    assert np.abs(np.log(found) - np.log(expected)).max() < 0.5


def test_equal_domains_have_ratios_near_1(make, rng):
    found = density_ratios(make(held=np.eye(2)[[0] * 750], X=parts(rng, 0.0)))
    assert found == pytest.approx(np.ones(750), abs=0.25)


def test_unequal_sizes_are_allowed_for(make, rng):
    """Ten source rows for each target row change nothing: p / (1 - p) is multiplied by m / n."""
    known, held, target = parts(rng, 0.0)
    found = density_ratios(make(held=np.eye(2)[[0] * 750], X=(known, held, target[:150])))
    assert np.median(found) == pytest.approx(1.0, abs=0.2)


def test_wide_rows_are_seen_in_their_leading_directions(make, rng):
    """200 columns of noise and 60 rows a domain: without a projection and a penalty every row would be told apart."""
    known, held, target = parts(rng, 0.0, n=60, d=200)
    found = density_ratios(make(held=np.eye(2)[[0] * 30], X=(known, held, target)))
    assert found.min() > 0.1
    assert found.max() < 10


@pytest.mark.parametrize(
    "X",
    [
        (np.zeros((20, 3)), np.zeros((8, 3)), np.zeros((20, 3))),
        (np.empty((20, 0)), np.empty((8, 0)), np.empty((20, 0))),
        (np.zeros((1, 3)), np.zeros((8, 3)), np.ones((20, 3))),
    ],
    ids=["constant", "no columns", "one source row"],
)
def test_without_anything_to_tell_them_apart_all_weigh_1(make, X):
    assert density_ratios(make(held=np.eye(2)[[0] * 8], X=X)) == pytest.approx(np.ones(8), abs=1e-6)


def test_many_rows_are_sampled(make, rng, monkeypatch):
    monkeypatch.setattr(module, "_MOST", 300)
    known, held, target = parts(rng, 1.0)
    found = density_ratios(make(held=np.eye(2)[[0] * 750], X=(known, held, target)))
    assert stats.pearsonr(np.log(found), held[:, 0])[0] > 0.99


def test_seeds_choose_the_checked_rows_and_nothing_else_does(make, rng):
    X = parts(rng, 0.5, n=60)
    one, again = (density_ratios(make(held=np.eye(2)[[0] * 30], X=X, seed=4)) for _ in range(2))
    np.testing.assert_array_equal(one, again)
