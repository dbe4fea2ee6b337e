from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.encoders.one_hot import OneHot


def test_rare_and_new_levels_share_the_last_indicator() -> None:
    column = pd.Series(["a"] * 5 + ["b"] * 4 + ["c"] * 2 + ["d"])
    one_hot = OneHot.of("x", column, most=3)
    assert one_hot.levels == ("a", "b")
    encoded = one_hot.encode(pd.Series(["a", "b", "c", "d", "new", None]))
    np.testing.assert_array_equal(encoded, [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1], [0, 0, 1]])


def test_a_missing_value_is_a_level_when_training_had_it() -> None:
    one_hot = OneHot.of("x", pd.Series(["a", None, "a"]), most=30)
    assert one_hot.levels == ("a", None)
    np.testing.assert_array_equal(one_hot.encode(pd.Series([np.nan, "a", "z"])), [[0, 1], [1, 0], [0, 0]])


def test_rows_sum_to_one_for_known_levels() -> None:
    """Each row of a one-hot block has exactly one 1 for levels seen in training."""
    column = pd.Series(np.random.default_rng(0).integers(0, 50, 400).astype(str))
    assert (OneHot.of("x", column, most=30).encode(column).sum(axis=1) == 1).all()
