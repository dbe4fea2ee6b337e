"""Splitting off the test rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.loading.heldout import split_off, test_share

test_share.__test__ = False  # type: ignore[attr-defined]


def rows(y: np.ndarray) -> Dataset:
    return Dataset("t", Modality.FEATURES, np.arange(float(len(y)))[:, None], y)


@given(st.lists(st.integers(1, 40), min_size=2, max_size=5), st.floats(0.15, 0.9), st.integers(0, 9))
def test_parts_are_disjoint_complete_and_stratified(counts, share, seed):
    """Train and test partition the rows; each class gives round(share · n_c) rows, and keeps at least one."""
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))
    if sum(min(int(share * n + 0.5), n - 1) for n in counts) == 0:
        with pytest.raises(InputError, match="is none; make it larger"):
            split_off(rows(y), share, seed, values=False)
        return
    train, test = split_off(rows(y), share, seed, values=False)
    assert sorted([*train.X[:, 0], *test.X[:, 0]]) == list(range(len(y)))
    for label, n in enumerate(counts):
        assert (test.y == label).sum() == min(int(share * n + 0.5), n - 1)
    again, _ = split_off(rows(y), share, seed, values=False)
    np.testing.assert_array_equal(again.X, train.X)


@given(st.integers(10, 60), st.floats(0.2, 0.8))
def test_values_are_split_whole(n, share):
    train, test = split_off(rows(np.linspace(0, 1, n)), share, 0, values=True)
    assert len(test) == int(share * n + 0.5)
    assert len(train) + len(test) == n


def test_shares():
    assert [test_share(None, 199), test_share(None, 200), test_share(0.0, 999), test_share(0.5, 10)] == [0, 0.2, 0, 0.5]
    assert split_off(rows(np.arange(4)), 0.0, 0, values=False)[1] is None
    assert split_off(rows(np.arange(0)), 0.5, 0, values=False)[1] is None
