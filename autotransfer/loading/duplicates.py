"""Rows that stand in two data sets."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset, Modality, row_hashes

TELLING = 0.5
"""Share of distinct rows in a data set from which on an equal row elsewhere is taken for the same row."""


def row_keys(data: Dataset) -> Array:
    """uint64 of shape (n,), equal for rows of equal content; image files count by content, not by name."""
    if data.modality is Modality.IMAGE and not isinstance(data.inputs, pd.DataFrame) and data.inputs.dtype == object:
        digests = [hashlib.blake2b(Path(str(path)).read_bytes(), digest_size=8).digest() for path in data.inputs]
        return np.frombuffer(b"".join(digests), dtype=np.uint64) if digests else np.empty(0, np.uint64)
    return row_hashes(data.inputs)


def telling_keys(data: Dataset) -> Array:
    """The keys of ``data``; none when its rows repeat so often that an equal row elsewhere may well be another one."""
    keys = row_keys(data)
    if len(keys) == 0 or len(np.unique(keys)) < TELLING * len(keys):
        return np.empty(0, np.uint64)
    return keys


def repeated(data: Dataset, keys: Array) -> Array:
    """Which rows of ``data`` have one of these keys; bool of shape (n,)."""
    if len(keys) == 0 or len(data) == 0:
        return np.zeros(len(data), dtype=bool)
    return np.isin(row_keys(data), keys)
