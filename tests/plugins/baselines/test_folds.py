"""Folds."""

from __future__ import annotations

import numpy as np
from autotransfer_baselines.folds import folds
from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=0, max_size=40), st.integers(0, 99))
def test_folds_split_the_rows_evenly_by_class(labels, seed):
    """The rests are a partition; train is the complement; a class differs by at most one row between folds."""
    y = np.array(labels, dtype=np.int64)
    parts = list(folds(y, 5, seed))
    assert len(parts) == (min(5, len(y)) if len(y) > 1 else 0)
    if parts:
        np.testing.assert_array_equal(np.sort(np.concatenate([rest for _, rest in parts])), np.arange(len(y)))
    for train, rest in parts:
        assert len(rest)
        np.testing.assert_array_equal(np.union1d(train, rest), np.arange(len(y)))
        assert not np.intersect1d(train, rest).size
    for label in set(labels):
        counts = [int(np.sum(y[rest] == label)) for _, rest in parts]
        assert max(counts, default=0) - min(counts, default=0) <= 1
