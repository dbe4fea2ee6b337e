"""Rows given from Python, brought into the form that readers give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from autotransfer.data import Array, Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData
from autotransfer.readers.array_rows import array_rows
from autotransfer.readers.labelcolumn import label_values
from autotransfer.readers.tidy import tidy


def plain_data(raw: RawData) -> RawData:
    """The same data with plain types. Raises ``InputError`` where rows, labels and modality do not go together."""
    inputs, notes = _inputs(raw)
    labels = None if raw.labels is None else label_values(raw.name, raw.label or "label", pd.Series(raw.labels))
    if labels is not None and len(labels) != len(inputs):
        raise InputError(f"{raw.name}: {len(labels)} labels for {len(inputs)} rows; give one label a row")
    also = tuple((name, label_values(raw.name, name, pd.Series(values))) for name, values in raw.also)
    if any(len(values) != len(inputs) for _, values in also):
        raise InputError(f"{raw.name}: a label column has another length than its {len(inputs)} rows; give one a row")
    if raw.captions is not None:
        rule = "one caption a row, as an array of strings"
        if np.shape(raw.captions) != (len(inputs),) or not all(isinstance(text, str) for text in raw.captions):
            raise InputError(f"{raw.name}: its captions do not go with its {len(inputs)} rows; give {rule}")
        raw = replace(raw, captions=np.asarray(raw.captions, dtype=object))
    return replace(raw, inputs=inputs, labels=labels, notes=(*raw.notes, *notes), also=also)


def _inputs(raw: RawData) -> tuple[pd.DataFrame | Array, tuple[str, ...]]:
    if raw.modality is Modality.TABLE:
        if not isinstance(raw.inputs, pd.DataFrame):
            raise InputError(f"{raw.name}: a table must be a pandas DataFrame, not {type(raw.inputs).__name__}")
        if not raw.inputs.columns.map(str).is_unique:
            raise InputError(f"{raw.name}: two columns have the same name; rename one of them")
        return tidy(raw.name, raw.inputs)
    values = np.asarray(raw.inputs)
    if values.dtype == object or (raw.modality is Modality.IMAGE and values.dtype.kind == "U"):
        return _strings(raw, values), ()
    modality, rows = array_rows(raw.name, "the input", values)
    if modality is not raw.modality:
        raise InputError(f"{raw.name}: an array {values.dtype} {values.shape} holds {modality}, not {raw.modality}")
    return rows, ()


def _strings(raw: RawData, values: Array) -> Array:
    wordy = raw.modality in (Modality.TEXT, Modality.IMAGE)
    if not wordy or values.ndim != 1 or not all(isinstance(cell, str) for cell in values):
        rule = "strings, shape (n,)" if wordy else "numbers, shape (n, d)"
        raise InputError(f"{raw.name}: {raw.modality} rows must be {rule}; convert them first")
    return values.astype(object)
