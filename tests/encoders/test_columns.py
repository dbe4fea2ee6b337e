from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.encoders.columns import categories, date_parts, kind_of, numbers


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (pd.Series([1, 2]), "number"),
        (pd.Series([1, None], dtype="Float64"), "number"),
        (pd.to_timedelta(pd.Series([1, 2]), unit="s"), "number"),
        (pd.Series([True, False]), "category"),
        (pd.Series(["a", "b"]), "category"),
        (pd.Series([1, 2], dtype="category"), "category"),
        (pd.Series([1j, 2j]), "category"),
        (pd.to_datetime(pd.Series(["2024-01-01"]), utc=True), "date"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.dtype),
)
def test_kinds(column: pd.Series, kind: str) -> None:
    assert kind_of(column) == kind


def test_what_is_no_number_is_missing() -> None:
    column = pd.Series(["1", 2, True, None, "x", np.inf, "-inf", "1e3"], dtype=object)
    np.testing.assert_array_equal(numbers(column), [1, 2, 1, np.nan, np.nan, np.nan, np.nan, 1000])
    np.testing.assert_array_equal(numbers(pd.to_timedelta(pd.Series([90, None]), unit="s")), [90, np.nan])


def test_date_parts_in_utc() -> None:
    column = pd.to_datetime(pd.Series(["1970-01-02 12:00", None]))
    np.testing.assert_array_equal(date_parts(column), [[1.5, 1, 4, 12], [np.nan] * 4])


def test_categories_are_words() -> None:
    codes, words = categories(pd.Series([3.0, "3", None, "b", 3.5], dtype=object))
    assert [words[code] for code in codes] == ["3", "3", None, "b", "3.5"]
