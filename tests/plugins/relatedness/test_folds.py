"""Folds of the probes."""

from __future__ import annotations

import numpy as np
from autotransfer_relatedness.folds import assign_folds
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(2, 6), st.integers(0, 99), st.booleans())
def test_folds_are_even(labels: list[int], n_folds: int, seed: int, stratify: bool) -> None:
    """max - min of fold sizes is at most 1, and of each class's share when stratified."""
    y = np.array(labels)
    folds = assign_folds(np.random.default_rng(seed), y, n_folds, stratify=stratify)
    assert np.ptp(np.bincount(folds, minlength=n_folds)) <= 1
    if stratify:
        assert all(np.ptp(np.bincount(folds[y == label], minlength=n_folds)) <= 1 for label in set(labels))
