"""Another table in the target's columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from autotransfer.data import row_hashes
from autotransfer.loading.align import align_frame
from autotransfer.readers.tidy import tidy

LIKE = tidy("t", pd.DataFrame({"n": [1.0], "w": ["x"]}))[0]


@given(st.permutations(["n", "w", "more"]))
def test_order_of_columns_does_not_matter(order):
    frame = tidy("s", pd.DataFrame({"n": [1.0, 2.0], "w": ["x", None], "more": [3.0, 4.0]}))[0]
    aligned = align_frame("s", frame[order], LIKE)
    assert_frame_equal(aligned.frame, frame[["n", "w"]])
    assert aligned.notes == ("s: columns that the target lacks were left out: 'more'",)
    assert aligned.missing == ()


def test_types_follow_the_target():
    """Words among numbers become missing and are counted; numbers among words are spelled as labels are."""
    frame = tidy("s", pd.DataFrame({"n": ["1", "two", None], "w": [1.0, 2.5, np.nan]}))[0]
    aligned = align_frame("s", frame, LIKE)
    np.testing.assert_array_equal(aligned.frame["n"], [1.0, np.nan, np.nan])
    assert aligned.frame["w"].tolist()[:2] == ["1", "2.5"]
    assert aligned.notes == (
        "s: column 'n' holds numbers in the target; 1 words there were taken as empty",
        "s: column 'w' holds words in the target; read as words",
    )
    assert list(aligned.frame.dtypes) == list(LIKE.dtypes)


def test_missing_columns_are_empty():
    aligned = align_frame("s", tidy("s", pd.DataFrame({"w": ["x"]}))[0], LIKE)
    assert aligned.missing == ("n",)
    assert aligned.frame["n"].isna().all()


def test_ignored_columns_are_not_mentioned():
    frame = tidy("s", pd.DataFrame({"n": [1.0], "w": ["x"], "same": [0.0]}))[0]
    assert align_frame("s", frame, LIKE, frozenset({"same"})).notes == ()


def test_aligned_rows_hash_as_the_targets_own():
    frame = tidy("s", pd.DataFrame({"w": ["x"], "n": [1]}))[0]
    assert row_hashes(align_frame("s", frame, LIKE).frame) == row_hashes(LIKE)
