"""Which columns of the target's table are worth keeping."""

from __future__ import annotations

import pandas as pd

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.loading.leaks import repeats_label


def useful_columns(
    name: str, frame: pd.DataFrame, rows: Array, y: Array, *, values: bool
) -> tuple[list[str], tuple[str, ...]]:
    """Columns that vary and do not repeat the label, and notes on the others.

    :param rows: which rows are labelled, bool of shape (n,).
    :param y: their labels, class indices or (``values``) numbers.
    :raises InputError: nothing is left.
    """
    empty = [column for column in frame.columns if frame[column].isna().all()]
    constant = [column for column in frame.columns if column not in empty and _is_constant(frame[column])]
    rest = [column for column in frame.columns if column not in {*empty, *constant}]
    leaks = [column for column in rest if repeats_label(frame[column].to_numpy()[rows], y, values=values)]
    kept = [column for column in rest if column not in leaks]
    notes = [f"{name}: column {column!r} repeats the label, which no honest feature does; dropped" for column in leaks]
    if empty:
        notes.append(f"{name}: columns without any entry were dropped: {listed(empty)}")
    if constant:
        notes.append(f"{name}: columns that never vary were dropped: {listed(constant)}")
    if not kept:
        raise InputError(f"{name}: no usable column is left ({'; '.join(notes)}); add columns that vary")
    return kept, tuple(notes)


def listed(columns: list[str], most: int = 8) -> str:
    """Quoted names; beyond ``most`` their number."""
    more = f" and {len(columns) - most} others" if len(columns) > most else ""
    return ", ".join(repr(column) for column in columns[:most]) + more


def _is_constant(column: pd.Series) -> bool:
    return bool(len(column) > 1 and column.nunique(dropna=False) == 1)
