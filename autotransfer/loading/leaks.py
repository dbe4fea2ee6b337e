"""Columns that give the label away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.data import Array

MIN_ROWS = 30
"""With fewer labelled rows a column may repeat the label by luck."""


def repeats_label(column: Array, y: Array, *, values: bool) -> bool:
    """Whether a column is the label in another guise, shape (n,) each, labelled rows only.

    Classes: its entries and the classes correspond one to one. Values: it is a straight line of the label,
    ``|corr| >= 1 - 1e-9``. Never with fewer than 30 rows, nor with a class for every five rows or fewer.
    """
    if len(y) < MIN_ROWS or pd.isna(column).any():
        return False
    if values:
        return _is_linear(column, y)
    codes = pd.factorize(column)[0]
    kinds, classes = len(np.unique(codes)), len(np.unique(y))
    if kinds != classes or classes >= len(y) / 5:
        return False
    return len(np.unique(np.stack([codes, y]), axis=1).T) == classes


def _is_linear(column: Array, y: Array) -> bool:
    if column.dtype == object:
        return False
    x, z = (part / (np.abs(part).max() or 1.0) for part in (column.astype(np.float64), y))
    x, z = x - x.mean(), z - z.mean()
    size = np.sqrt((x @ x) * (z @ z))
    return bool(size > 0 and abs(x @ z) / size >= 1 - 1e-9)
