"""Another table in the columns of the target's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from autotransfer.data import Array
from autotransfer.loading.columns import listed
from autotransfer.loading.labels import spelled
from autotransfer.readers.tidy import as_numbers


@dataclass(frozen=True, eq=False)
class Aligned:
    """:param frame: exactly the target's columns and types. ``missing``: those that the other table lacks."""

    frame: pd.DataFrame
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def align_frame(name: str, frame: pd.DataFrame, like: pd.DataFrame, ignored: frozenset[str] = frozenset()) -> Aligned:
    """Columns and types of ``like`` (its rows do not matter). Both frames are tidy.

    Missing columns are filled with NaN, others left out; words in a column of numbers become NaN, numbers in a
    column of words are spelled out.

    :param ignored: columns that may be left out without a word.
    """
    missing = [column for column in like.columns if column not in frame.columns]
    extra = [column for column in frame.columns if column not in like.columns and column not in ignored]
    notes = []
    if missing and len(missing) < like.shape[1]:
        notes.append(f"{name}: lacks the target's columns {listed(missing)}; taken as empty")
    if extra:
        notes.append(f"{name}: columns that the target lacks were left out: {listed(extra)}")
    columns: dict[str, pd.Series] = {}
    for column in like.columns:
        numeric = pd.api.types.is_numeric_dtype(like[column].dtype)
        if column in missing:
            values: Array = np.full(len(frame), np.nan)
        else:
            values, note = _as_type(frame[column], numeric=numeric)
            notes += [f"{name}: column {column!r} {note}"] if note else []
        columns[column] = pd.Series(values, dtype=np.float64 if numeric else object)
    return Aligned(pd.DataFrame(columns, index=pd.RangeIndex(len(frame))), tuple(missing), tuple(notes))


def _as_type(column: pd.Series, *, numeric: bool) -> tuple[Array, str]:
    cells = column.to_numpy()
    if numeric == pd.api.types.is_numeric_dtype(column.dtype):
        return cells, ""
    present = ~pd.isna(cells)
    if numeric:
        numbers = as_numbers(cells)
        lost = int((present & np.isnan(numbers)).sum())
        return numbers, f"holds numbers in the target; {lost} words there were taken as empty"
    words = spelled(cells)
    words[~present] = np.nan
    return words, "holds words in the target; read as words" if present.any() else ""
