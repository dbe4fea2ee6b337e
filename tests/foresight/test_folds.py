"""Folds of whole targets."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.foresight.folds import target_folds


@pytest.mark.parametrize(("count", "folds"), [(2, 2), (10, 10), (11, 5), (85, 5)])
def test_every_row_is_held_out_once_and_no_target_is_split(count: int, folds: int) -> None:
    targets = np.random.default_rng(count).permutation(np.repeat([f"t{i}" for i in range(count)], 3))
    found = target_folds(targets)
    assert len(found) == folds
    np.testing.assert_array_equal(sum(mask.astype(int) for mask in found), 1)
    for mask in found:
        assert not set(targets[mask]) & set(targets[~mask])


def test_folds_have_about_as_many_rows() -> None:
    """With sizes 1 to 20 the largest fold is at most one target larger than the smallest."""
    targets = np.repeat([f"t{i}" for i in range(20)], np.arange(1, 21))
    sizes = [int(mask.sum()) for mask in target_folds(targets)]
    assert max(sizes) - min(sizes) <= 20
