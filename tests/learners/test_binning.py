"""Bins."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autotransfer.learners.binning import Bins


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 3)), elements=st.floats(-1e6, 1e6, width=32)),
    st.integers(2, 12),
)
def test_numbers_and_thresholds_say_the_same(X, count):
    """number(x) <= b exactly when x <= thresholds[b]; no more than ``count`` numbers; both keep the order."""
    bins = Bins.fit(X, count)
    numbers = bins.numbers(X)
    assert bins.thresholds.shape == (X.shape[1], count)
    assert numbers.max() < count
    for column in range(X.shape[1]):
        assert (np.diff(bins.thresholds[column][np.isfinite(bins.thresholds[column])]) > 0).all()
        for b in range(count):
            np.testing.assert_array_equal(numbers[:, column] <= b, X[:, column] <= bins.thresholds[column, b])


def test_distinct_values_get_distinct_bins_and_nan_stays():
    X = np.array([[3.0], [1.0], [np.nan], [2.0]])
    np.testing.assert_array_equal(Bins.fit(X, 4).numbers(X).ravel(), [2.0, 0.0, np.nan, 1.0])
