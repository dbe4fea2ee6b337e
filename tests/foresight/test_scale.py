"""Features on one scale."""

from __future__ import annotations

import numpy as np

from autotransfer.foresight.scale import fit_scale


def test_units_do_not_matter() -> None:
    """x and a x + b have the same standard form for a > 0."""
    features = np.random.default_rng(0).normal(size=(50, 3))
    other = features * [2.0, 1e6, 1e-6] + [1.0, -5.0, 3.0]
    np.testing.assert_allclose(fit_scale(features).standard(features), fit_scale(other).standard(other), atol=1e-6)


def test_gaps_lie_in_the_middle_and_are_marked() -> None:
    """A feature that nobody has is no gap: there is nothing to mark it against."""
    features = np.array([[1.0, np.nan, np.nan], [2.0, 5.0, np.nan], [4.0, 7.0, np.nan]])
    found = fit_scale(features).with_gaps(features)
    assert found.shape == (3, 4)
    assert found[0, 1] == 0.0
    np.testing.assert_array_equal(found[:, 3], [1.0, 0.0, 0.0])
    np.testing.assert_array_equal(found[:, 2], 0.0)


def test_what_is_constant_or_far_off_stays_finite() -> None:
    features = np.column_stack([np.ones(5), np.arange(5.0)])
    scale = fit_scale(features)
    far = scale.standard(np.array([[1.0, 1e12], [2.0, -1e12]]))
    np.testing.assert_array_equal(far, [[0.0, 4.0], [1.0, -4.0]])
