"""Two plain column types, whatever came in."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from autotransfer.errors import InputError
from autotransfer.readers.tidy import tidy

COLUMNS = st.dictionaries(
    st.sampled_from("abc"),
    st.lists(
        st.one_of(
            st.floats(allow_infinity=False),
            st.text(max_size=5).filter(lambda w: "inf" not in w.lower()),
            st.none(),
            st.booleans(),
        ),
        min_size=4,
        max_size=4,
    ),
    min_size=1,
)


@given(COLUMNS)
def test_tidying_twice_changes_nothing(columns):
    """tidy ∘ tidy = tidy, and every column is float64 or holds only strings and NaN."""
    once, _ = tidy("t", pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()}))
    twice, _ = tidy("t", once)
    assert_frame_equal(once, twice)
    for column in once:
        values = once[column].to_numpy()
        assert values.dtype == np.float64 or all(isinstance(v, str) or np.isnan(v) for v in values)


@given(st.lists(st.floats(allow_infinity=False), min_size=1))
def test_numbers_as_text_come_back_exactly(numbers):
    """float(repr(x)) = x, through pandas' parser too."""
    frame = pd.DataFrame({"x": pd.Series([repr(x) for x in numbers], dtype=object)})
    np.testing.assert_array_equal(tidy("t", frame)[0]["x"].to_numpy(np.float64), np.array(numbers))


def test_mixed_types_become_categories_with_a_note():
    frame, notes = tidy("t", pd.DataFrame({"x": ["1", "2", "red", ""]}))
    assert frame["x"].tolist()[:3] == ["1", "2", "red"]
    assert notes == ("t: column 'x' mixes 2 numbers with 1 words; read as categories",)


def test_question_marks_are_missing_numbers():
    frame, notes = tidy("t", pd.DataFrame({"x": ["1", "?", "3"]}))
    np.testing.assert_array_equal(frame["x"], [1.0, np.nan, 3.0])
    assert notes == ()


def test_truth_values_are_numbers_in_any_form():
    for cells in ([True, False, None], ["True", "FALSE", ""]):
        frame, _ = tidy("t", pd.DataFrame({"x": pd.Series(cells, dtype=object)}))
        np.testing.assert_array_equal(frame["x"], [1.0, 0.0, np.nan])


def test_dates_are_seconds():
    moments = pd.to_datetime(["1970-01-02", None])
    frame, notes = tidy(
        "t", pd.DataFrame({"when": moments, "zoned": moments.tz_localize("UTC"), "long": moments - moments[0]})
    )
    np.testing.assert_array_equal(frame["when"], [86400.0, np.nan])
    np.testing.assert_array_equal(frame["zoned"], [86400.0, np.nan])
    np.testing.assert_array_equal(frame["long"], [0.0, np.nan])
    assert notes[0] == "t: column 'when' holds dates; read as seconds since 1970"


@pytest.mark.parametrize(
    "cells", [pd.Categorical(["a", "b"]), pd.array(["a", "b"], dtype="string")], ids=["cat", "string"]
)
def test_words_of_every_type_are_plain_strings(cells):
    frame, _ = tidy("t", pd.DataFrame({"x": cells}))
    assert frame["x"].dtype == object
    assert frame["x"].tolist() == ["a", "b"]


def test_nullable_integers_are_floats():
    frame, _ = tidy("t", pd.DataFrame({"x": pd.array([1, None], dtype="Int64")}))
    np.testing.assert_array_equal(frame["x"], [1.0, np.nan])


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([1.0, np.inf], "t: column 'x' holds 1 infinite values; leave those cells empty or write real numbers"),
        ([[1], [2]], "t: column 'x' holds list values; keep numbers or words, or drop it"),
        ([{"a": 1}, None], "t: column 'x' holds dict values"),
        ([1j, 2j], "t: column 'x' holds complex numbers; split them into two columns"),
        ([datetime.time(1), None], "t: column 'x' holds time values"),
    ],
    ids=["inf", "lists", "dicts", "complex", "times"],
)
def test_unusable_columns_are_named(cells, message):
    with pytest.raises(InputError) as caught:
        tidy("t", pd.DataFrame({"x": cells}))
    assert message in str(caught.value)


def test_negative_zero_is_zero():
    """Equal rows must hash equally."""
    assert not np.signbit(tidy("t", pd.DataFrame({"x": [-0.0]}))[0]["x"][0])
