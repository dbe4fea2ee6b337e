"""A frame as read from a file, taken apart into features (or texts) and labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from autotransfer.data import Array, Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.files import near_names
from autotransfer.readers.labelcolumn import USUAL, Further, further_columns, label_column, label_values
from autotransfer.readers.tidy import cells_of, tidy

LONG_TEXT = 20
"""Mean number of characters from which a column of mostly distinct strings is text, not categories."""


def from_frame(name: str, frame: pd.DataFrame, options: ReadOptions) -> RawData:
    """Raises ``InputError`` when a named column is missing or nothing is left beside the label.

    :param frame: columns with unique ``str`` names.
    """
    frame, notes = _without_index(name, _without(name, frame, options))
    also = further_columns(name, list(frame.columns), options)
    column = also.label if also.names else label_column(name, list(frame.columns), options)
    labels = None if column is None or column not in frame else label_values(name, column, frame[column])
    features = frame.drop(columns=[one for one in (column, *also.names) if one in frame.columns])
    if not features.shape[1]:
        raise InputError(f"{name}: there is no column beside the label {column!r}; add columns to predict from")
    text = _text_column(name, features, options)
    notes += _guessed(name, column, options)
    raw = RawData(name, Modality.TABLE, features, labels, notes=notes, label=column, also=_columns(name, frame, also))
    if text is not None:
        return _as_text(raw, features, text)
    tidied, more = tidy(name, features)
    return replace(raw, inputs=tidied, notes=(*notes, *more))


def _columns(name: str, frame: pd.DataFrame, also: Further) -> tuple[tuple[str, Array], ...]:
    """The further columns; one that a companion of the target lacks is empty."""
    empty = pd.Series(np.nan, index=frame.index)
    return tuple((one, label_values(name, one, frame.get(one, empty))) for one in also.names)


def _without(name: str, frame: pd.DataFrame, options: ReadOptions) -> pd.DataFrame:
    unknown = [column for column in options.drop if column not in frame.columns]
    if unknown and options.like is None:
        raise InputError(f"{name}: no column {unknown[0]!r} to drop; {near_names(unknown[0], list(frame.columns))}")
    return frame.drop(columns=[column for column in options.drop if column in frame.columns])


def _without_index(name: str, frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Row numbers that a table carries without a name (as pandas writes them) are no feature."""
    if frame.shape[1] > 2 and frame.columns[0] == "column_1":
        numbers = pd.to_numeric(frame["column_1"].astype(object), errors="coerce").to_numpy(np.float64)
        if len(numbers) > 1 and (np.diff(numbers) == 1).all():
            return frame.drop(columns="column_1"), (f"{name}: the unnamed first column counts the rows; dropped",)
    return frame, ()


def _guessed(name: str, column: str | None, options: ReadOptions) -> tuple[str, ...]:
    """A target's label that neither an option nor its name tells is a guess that the user must see."""
    sure = column is None or column == options.label or column.lower() in USUAL
    if sure or options.like is not None:
        return ()
    return (f"{name}: the last column, {column!r}, is taken for the label; --label COL names another",)


def _text_column(name: str, features: pd.DataFrame, options: ReadOptions) -> str | None:
    if options.text is not None and (options.like is None or options.text in features.columns):
        if options.text not in features.columns:
            known = near_names(options.text, list(features.columns))
            raise InputError(f"{name}: no column {options.text!r} for --text; {known}")
        return options.text
    only = features.iloc[:, 0]
    return str(features.columns[0]) if features.shape[1] == 1 and _is_long_text(only) else None


def _is_long_text(column: pd.Series) -> bool:
    if pd.api.types.is_numeric_dtype(column.dtype) or not (
        pd.api.types.is_string_dtype(column.dtype) or column.dtype == object
    ):
        return False
    words = [cell for cell in column.dropna() if isinstance(cell, str) and cell]
    mean_length = sum(map(len, words)) / max(len(words), 1)
    return mean_length >= LONG_TEXT and 2 * len(set(words)) > len(words)


def _as_text(raw: RawData, features: pd.DataFrame, text: str) -> RawData:
    texts: Array = np.array(["" if cell is None else str(cell) for cell in cells_of(features[text])], object)
    empty = int(sum(not words.strip() for words in texts))
    others = [str(column) for column in features.columns if column != text]
    notes = [f"{raw.name}: {empty} rows have an empty text; kept"] if empty else []
    if others:
        notes.append(f"{raw.name}: columns beside the text were left out: {', '.join(map(repr, others))}")
    return replace(raw, modality=Modality.TEXT, inputs=texts, notes=(*raw.notes, *notes))
