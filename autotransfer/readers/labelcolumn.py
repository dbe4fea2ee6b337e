"""Which column of a table is the label, and what its cells say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.files import near_names
from autotransfer.readers.tidy import as_numbers, cells_of

USUAL = ("label", "target", "class", "y")
UNLABELED = ("", "NA", "N/A", "<NA>", "NaN", "nan", "null", "NULL")
EXACT = 2.0**53


def label_column(name: str, columns: list[str], options: ReadOptions) -> str | None:
    """The named column, else a usual name, else the last one.

    None when the only column cannot be the label, and for an unlabelled companion of the target.
    """
    if options.label in columns:
        return options.label
    if options.label is not None and options.like is None:
        raise InputError(f"{name}: no column {options.label!r} for --label; {near_names(options.label, columns)}")
    if len(columns) == 1:
        return None
    lower = {column.lower(): column for column in reversed(columns)}
    features = set(options.like or ())
    usual = [lower[word] for word in USUAL if word in lower and lower[word] not in features]
    if usual:
        return usual[0]
    last = [column for column in columns if column != options.text][-1:]
    return None if not last or last[0] in features else last[0]


def label_values(name: str, column: str, cells: pd.Series) -> Array:
    """float64 with NaN when every label is a number, else object of stripped ``str`` with None; shape (n,)."""
    words = np.array([_text(cell) for cell in cells_of(cells)], dtype=object)
    numbers = as_numbers(words)
    present = words != ""
    if np.isinf(numbers).any():
        raise InputError(f"{name}: the label column {column!r} holds infinite values; correct or empty those cells")
    if not np.isnan(numbers[present]).any() and (np.abs(numbers[present]) <= EXACT).all():
        return numbers
    words[~present] = None
    return words


def _text(cell: object) -> str:
    text = "" if cell is None else str(cell).strip()
    return "" if text in UNLABELED else text
