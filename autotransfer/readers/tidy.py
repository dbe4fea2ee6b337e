"""Columns of a table in two plain types: float64, and object columns of ``str`` with NaN for missing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.data import Array
from autotransfer.errors import InputError

MISSING = ("", "NA", "N/A", "<NA>", "NaN", "nan", "null", "NULL", "None", "?")
"""Cells of a feature column that mean "missing"."""


def tidy(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The frame with plain column types, and notes on what was changed. Tidy frames come back equal.

    Raises ``InputError`` for columns that hold infinities or things that are neither numbers, words nor dates.
    """
    columns: dict[str, pd.Series] = {}
    notes: list[str] = []
    for column in frame.columns:
        values, note = _plain(name, str(column), frame[column])
        columns[str(column)] = pd.Series(values, dtype=values.dtype)  # pandas would guess a type of its own for words
        notes += [f"{name}: {note}"] if note else []
    return pd.DataFrame(columns, index=pd.RangeIndex(len(frame))), tuple(notes)


def _plain(name: str, column: str, values: pd.Series) -> tuple[Array, str]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(values.cat.categories.dtype)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _seconds(values), f"column {column!r} holds dates; read as seconds since 1970"
    if pd.api.types.is_timedelta64_dtype(values.dtype):
        return values.dt.total_seconds().to_numpy(np.float64), f"column {column!r} holds durations; read as seconds"
    if pd.api.types.is_complex_dtype(values.dtype):
        raise InputError(f"{name}: column {column!r} holds complex numbers; split them into two columns")
    if pd.api.types.is_numeric_dtype(values.dtype):
        return _finite(name, column, values.to_numpy(np.float64, na_value=np.nan)), ""
    return _words_or_numbers(name, column, values)


def _seconds(values: pd.Series) -> Array:
    utc = values.dt.tz_convert("UTC").dt.tz_localize(None) if values.dt.tz is not None else values
    return np.asarray((utc - pd.Timestamp(0)).dt.total_seconds().to_numpy(np.float64))


def _words_or_numbers(name: str, column: str, values: pd.Series) -> tuple[Array, str]:
    if isinstance(values.dtype, pd.StringDtype) and (quick := _all_numbers(values)) is not None:
        return _finite(name, column, quick), ""
    cells = cells_of(values)
    kinds = {type(cell) for cell in cells}
    bad = next((kind for kind in kinds if not issubclass(kind, _SCALARS)), None)
    if bad is not None:
        raise InputError(f"{name}: column {column!r} holds {bad.__name__} values; keep numbers or words, or drop it")
    words = np.array([_word(cell) for cell in cells], dtype=object)
    present = words != ""
    numbers = as_numbers(words)
    parsed = present & ~np.isnan(numbers)
    if parsed.sum() == present.sum():
        return _finite(name, column, numbers), ""
    if all(cell.lower() in _BOOLEANS for cell in set(words[present])):
        return np.array([_BOOLEANS.get(cell.lower(), np.nan) for cell in words]), ""
    words[~present] = np.nan
    if not parsed.any():
        return words, ""
    return words, (
        f"column {column!r} mixes {parsed.sum()} numbers with {present.sum() - parsed.sum()} words; read as categories"
    )


def _all_numbers(values: pd.Series) -> Array | None:
    """The numbers of a column that holds nothing else: large tables are mostly such columns."""
    words = values.astype(object).where(~(values.isna() | values.isin(MISSING)), None)
    numbers = as_numbers(words.to_numpy())
    return numbers if bool((np.isnan(numbers) == words.isna().to_numpy()).all()) else None


_SCALARS = (str, int, float, bool, np.generic, type(None))
_BOOLEANS = {"true": 1.0, "false": 0.0}


def cells_of(values: pd.Series) -> list[object]:
    """Python objects, None for every kind of missing value."""
    missing = values.isna().to_numpy(bool)
    return [None if gone else cell for cell, gone in zip(values.astype(object), missing, strict=True)]


def _word(cell: object) -> str:
    text = "" if cell is None else str(cell)
    return "" if text.strip() in MISSING else text


def as_numbers(words: Array) -> Array:
    """float64 of strings; NaN where there is no plain decimal number; shape (n,)."""
    return np.asarray(pd.to_numeric(pd.Series(words, dtype=object), errors="coerce").to_numpy(np.float64))


def _finite(name: str, column: str, numbers: Array) -> Array:
    infinite = int(np.isinf(numbers).sum())
    if infinite:
        raise InputError(
            f"{name}: column {column!r} holds {infinite} infinite values; leave those cells empty or write real numbers"
        )
    return np.asarray(numbers + 0.0)  # -0.0 becomes 0.0, so that equal rows hash equally
