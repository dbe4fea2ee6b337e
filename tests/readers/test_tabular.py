"""Features, texts and labels of a frame."""

from __future__ import annotations

import pandas as pd
import pytest

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.tabular import from_frame

LONG = [f"this is sentence number {i} of the text" for i in range(6)]
FRAME = pd.DataFrame({"id": range(6), "review": LONG, "label": list("aabbab")})


def test_one_long_text_column_is_a_text_data_set():
    raw = from_frame("t", FRAME[["review", "label"]], ReadOptions())
    assert raw.modality is Modality.TEXT
    assert raw.inputs.tolist() == LONG
    assert raw.label == "label"


def test_named_text_column_wins_over_others():
    assert from_frame("t", FRAME, ReadOptions()).modality is Modality.TABLE
    raw = from_frame("t", FRAME, ReadOptions(text="review"))
    assert (raw.modality, raw.inputs.tolist()) == (Modality.TEXT, LONG)
    assert raw.notes == ("t: columns beside the text were left out: 'id'",)


@pytest.mark.parametrize(
    ("options", "noted"),
    [
        (ReadOptions(), True),
        (ReadOptions(label="kind"), False),
        (ReadOptions(like=("id", "review")), False),
    ],
)
def test_a_target_whose_last_column_is_taken_for_the_label_says_so(options, noted):
    """Not where the option names it, and not of a companion, which follows the target."""
    raw = from_frame("t", FRAME.rename(columns={"label": "kind"}), options)
    assert raw.label == "kind"
    note = "t: the last column, 'kind', is taken for the label; --label COL names another"
    assert raw.notes == ((note,) if noted else ())


def test_dropping_the_other_column_leaves_text():
    assert from_frame("t", FRAME, ReadOptions(drop=("id",))).modality is Modality.TEXT


def test_categories_are_no_text():
    frame = pd.DataFrame({"x": ["a rather long name of a category"] * 6, "y": list("aabbab")})
    assert from_frame("t", frame, ReadOptions()).modality is Modality.TABLE


def test_empty_texts_are_counted():
    frame = pd.DataFrame({"t": ["", None, "x"], "y": [1, 2, 1]})
    raw = from_frame("t", frame, ReadOptions(text="t"))
    assert raw.inputs.tolist() == ["", "", "x"]
    assert raw.notes == ("t: 2 rows have an empty text; kept",)


def test_unnamed_row_numbers_are_dropped():
    frame = pd.DataFrame({"column_1": ["0", "1", "2"], "x": ["1", "2", "5"], "y": list("aba")})
    raw = from_frame("t", frame, ReadOptions())
    assert list(raw.inputs.columns) == ["x"]
    assert raw.notes == ("t: the unnamed first column counts the rows; dropped",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ReadOptions(drop=("rewiew",)), "t: no column 'rewiew' to drop; did you mean 'review'?"),
        (ReadOptions(text="reviews"), "t: no column 'reviews' for --text; did you mean 'review'?"),
        (ReadOptions(drop=("id", "review"), label="label"), "t: there is no column beside the label 'label'"),
    ],
)
def test_wrong_names(options, message):
    with pytest.raises(InputError) as caught:
        from_frame("t", FRAME, options)
    assert message in str(caught.value)


def test_companions_need_not_have_dropped_columns():
    raw = from_frame("t", FRAME, ReadOptions(drop=("elsewhere",), like=("id", "review")))
    assert list(raw.inputs.columns) == ["id", "review"]
