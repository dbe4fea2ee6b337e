"""Columns of a data frame as numbers or words, whatever their type has become since training."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from pandas.api import types

from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError

Kind = Literal["number", "date", "category"]
DATE_PARTS = ("days since 1970", "month", "weekday", "hour")


def kind_of(column: pd.Series) -> Kind:
    """How a training column is encoded: by its type, bool and text as category."""
    if types.is_datetime64_any_dtype(column.dtype):
        return "date"
    if types.is_bool_dtype(column.dtype) or types.is_complex_dtype(column.dtype):
        return "category"
    if types.is_numeric_dtype(column.dtype) or types.is_timedelta64_dtype(column.dtype):
        return "number"
    return "category"


def column_of(data: Dataset, name: str) -> pd.Series:
    """The column of that name. Raises ``InputError`` when it is missing."""
    frame = _frame(data)
    for position, label in enumerate(frame.columns):
        if str(label) == name:
            return frame.iloc[:, position]
    raise InputError(f"{data.name}: no column {name!r}, which the model was fitted with; add it (cells may be empty)")


def kinds(data: Dataset) -> dict[str, Kind]:
    """Name and kind of every column, in order."""
    frame = _frame(data)
    return {str(label): kind_of(frame.iloc[:, position]) for position, label in enumerate(frame.columns)}


def numbers(column: pd.Series) -> Array:
    """Float64 of shape (n,); what is no number (and every infinity) is NaN. Durations are in seconds."""
    if types.is_timedelta64_dtype(column.dtype):
        column = column.dt.total_seconds()
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isinf(values), np.nan, values)


def date_parts(column: pd.Series) -> Array:
    """Float64 of shape (n, 4), see ``DATE_PARTS``, in UTC; NaN where there is no date."""
    dates = pd.to_datetime(column, errors="coerce", utc=True, format=None if _is_date(column) else "mixed")
    days = (dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    frame = pd.concat([days, dates.dt.month, dates.dt.day_of_week, dates.dt.hour], axis=1)
    return np.asarray(frame.to_numpy(dtype=np.float64, na_value=np.nan))


def categories(column: pd.Series) -> tuple[Array, list[str | None]]:
    """Codes of shape (n,) into distinct words; None stands for a missing value."""
    codes, found = pd.factorize(column.astype(object), use_na_sentinel=True)
    words: list[str | None] = [_word(value) for value in found]
    return np.where(codes < 0, len(words), codes), [*words, None]


def _word(value: object) -> str:
    # 3.0 and 3 are one category: an integer column turns into floats as soon as one cell is empty
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _is_date(column: pd.Series) -> bool:
    return types.is_datetime64_any_dtype(column.dtype)


def _frame(data: Dataset) -> pd.DataFrame:
    if not isinstance(data.inputs, pd.DataFrame):
        raise TypeError(f"{data.name} is no table")
    return data.inputs
