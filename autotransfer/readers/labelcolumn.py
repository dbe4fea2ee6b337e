"""Which column of a table is the label, and what its cells say."""

from __future__ import annotations

import csv
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Further:
    """Columns of several tasks. ``label``: the first label column. ``names``: the other ones, or the column of tasks;
    empty where there is one task."""

    label: str | None = None
    names: tuple[str, ...] = ()


def further_columns(name: str, columns: list[str], options: ReadOptions) -> Further:
    """Where ``options.label`` is no column and names several joined by commas, or where ``options.task`` names one.

    Raises ``InputError`` for a column that the target lacks, or a companion the column of tasks.
    """
    if options.task is not None:
        if options.task not in columns:
            raise InputError(f"{name}: no column {options.task!r} for --task; {near_names(options.task, columns)}")
        others = [column for column in columns if column != options.task]
        return Further(label_column(name, others, options), (options.task,))
    if options.label is None or options.label in columns or "," not in options.label:
        return Further()
    names = [one.strip() for one in next(csv.reader([options.label], skipinitialspace=True))]
    missing = next((one for one in names if one not in columns), None)
    if missing is not None and options.like is None:
        raise InputError(f"{name}: no column {missing!r} for --label; {near_names(missing, columns)}")
    if len(set(names)) < len(names):
        raise InputError(f"{name}: --label {options.label} names a column twice; name each once")
    return Further(names[0], tuple(names[1:]))


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
