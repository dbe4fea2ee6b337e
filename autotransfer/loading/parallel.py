"""Two columns of sentences, or of words, that mean the same in two languages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.bridge import words
from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.readers.demo import read_pairs as read_demo
from autotransfer.readers.table import DELIMITED, read_frame


def read_pairs(option: str, uri: str) -> tuple[Array, tuple[str, ...]]:
    """Object (n, 2) of str, n >= 1, and notes; pairs with an empty side are left out.

    :param option: that named the file, for messages.
    :raises InputError: the file cannot be read, or does not hold two columns.
    """
    shipped = read_demo(uri)
    if shipped is not None:
        return shipped, ()
    frame = read_frame(uri)
    if frame is None:
        raise InputError(f"{option} {uri}: a file of pairs is {', '.join((*DELIMITED, '.parquet'))} with two columns")
    if frame.shape[1] != 2:
        raise InputError(
            f"{option} {uri}: it has {frame.shape[1]} columns; give two with a line of names above them, the sources' "
            "language and the target's"
        )
    cells = frame.astype(object).where(frame.notna(), None).to_numpy()
    pairs = np.array([[_text(cell) for cell in row] for row in cells], dtype=object).reshape(-1, 2)
    whole = np.array([all(words(cell) for cell in row) for row in pairs], dtype=bool)
    if not whole.any():
        raise InputError(f"{option} {uri}: no row has words in both columns; correct it")
    left = f"{uri}: {(~whole).sum()} rows without a word in one of the columns were left out"
    return pairs[whole], () if whole.all() else (left,)


def _text(cell: object) -> str:
    return "" if cell is None or cell is pd.NA else str(cell)
