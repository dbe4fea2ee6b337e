"""The label column rule: named, else usual, else last."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.labelcolumn import label_column, label_values


@pytest.mark.parametrize(
    ("columns", "options", "expected"),
    [
        (["a", "b"], ReadOptions(), "b"),
        (["a", "Label", "b"], ReadOptions(), "Label"),
        (["y", "TARGET", "b"], ReadOptions(), "TARGET"),
        (["y", "target", "b"], ReadOptions(label="b"), "b"),
        (["a", "text"], ReadOptions(text="text"), "a"),
        (["a"], ReadOptions(), None),
        (["a", "b"], ReadOptions(label="sex", like=("a", "b")), None),
        (["a", "sex", "b"], ReadOptions(label="sex", like=("a", "b")), "sex"),
        (["a", "b", "kind"], ReadOptions(label="sex", like=("a", "b")), "kind"),
        (["a", "y"], ReadOptions(label="sex", like=("a", "y")), None),
    ],
)
def test_rule(columns, options, expected):
    assert label_column("t", columns, options) == expected


def test_unknown_label_names_near_columns():
    with pytest.raises(InputError, match=r"t: no column 'specis' for --label; did you mean 'species'\?"):
        label_column("t", ["species", "bill"], ReadOptions(label="specis"))


@given(st.lists(st.integers(-(2**53), 2**53), min_size=1))
def test_whole_numbers_are_exact(numbers):
    """Every integer up to 2**53 in size is a float64."""
    values = label_values("t", "y", pd.Series([str(n) for n in numbers]))
    assert values.dtype == np.float64
    assert [int(v) for v in values] == numbers


def test_identifiers_beyond_float_precision_stay_words():
    values = label_values("t", "y", pd.Series([str(2**53 + 1), str(2**53 + 2)]))
    assert values.tolist() == [str(2**53 + 1), str(2**53 + 2)]


def test_missing_labels():
    assert label_values("t", "y", pd.Series([" a ", "", "NA", None])).tolist() == ["a", None, None, None]
    np.testing.assert_array_equal(label_values("t", "y", pd.Series(["1", "", "2.5"])), [1.0, np.nan, 2.5])
    assert np.isnan(label_values("t", "y", pd.Series(["", ""]))).all()


def test_truth_values_are_words():
    assert label_values("t", "y", pd.Series([True, False])).tolist() == ["True", "False"]


def test_infinite_labels_are_refused():
    with pytest.raises(InputError, match="t: the label column 'y' holds infinite values; correct or empty those cells"):
        label_values("t", "y", pd.Series(["1", "inf"]))
