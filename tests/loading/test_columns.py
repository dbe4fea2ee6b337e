"""Columns that are of no use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.errors import InputError
from autotransfer.loading.columns import listed, useful_columns


def test_constant_and_empty_columns_go():
    frame = pd.DataFrame({"same": 1.0, "word": "w", "none": np.nan, "gaps": [1.0, np.nan] * 3, "x": np.arange(6.0)})
    kept, notes = useful_columns("t", frame, np.ones(6, bool), np.arange(6) % 2, values=False)
    assert kept == ["gaps", "x"]
    assert notes == (
        "t: columns without any entry were dropped: 'none'",
        "t: columns that never vary were dropped: 'same', 'word'",
    )


def test_nothing_left():
    with pytest.raises(InputError, match=r"t: no usable column is left .*'same'.*add columns that vary"):
        useful_columns("t", pd.DataFrame({"same": [1.0, 1.0]}), np.ones(2, bool), np.arange(2), values=False)


def test_a_long_list_is_cut():
    assert listed(list("abcdefghij")) == "'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' and 2 others"
