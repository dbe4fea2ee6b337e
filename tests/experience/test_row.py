"""Rows: flat and back without loss, and nothing but rows comes out of what others wrote."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.experience.row import Row, finite

NAMES = st.text("abcdefgh_", min_size=1, max_size=8)
NUMBERS = st.floats(-1e6, 1e6)
ROWS = st.builds(
    Row,
    **dict.fromkeys(("task", "target", "family", "source", "kind", "method", "metric", "modality", "status"), NAMES),
    encoder=st.none() | NAMES,
    about=st.dictionaries(NAMES, NUMBERS, max_size=3),
    scores=st.dictionaries(NAMES, NUMBERS, max_size=3),
    **dict.fromkeys(("gain", "low", "high", "seconds", "memory"), st.none() | NUMBERS),
    error=st.none() | NAMES,
)
ROW = Row("t", "t", "f", "s", "rows", "pooled", "accuracy", "table", "complete")


@given(ROWS)
def test_a_row_comes_back_from_json(row):
    assert Row.from_plain(json.loads(json.dumps(row.to_plain()))) == row


@given(
    st.recursive(
        st.none() | st.booleans() | NUMBERS | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_what_is_no_row_is_none(content):
    assert Row.from_plain(content) is None


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", None, [1.0]])
def test_numbers_that_are_none_are_unknown(value):
    assert finite(value) is None
    row = Row.from_plain({**ROW.to_plain(), "gain": value, "score_mmd": value})
    assert row is not None
    assert row.gain is None
    assert row.scores == {}


def test_texts_are_cut_to_a_bearable_length():
    row = Row.from_plain({**ROW.to_plain(), "error": "x" * 10**6, "method": "y" * 10**6})
    assert row is not None
    assert len(row.error or "") == len(row.method) == 300
