"""What each class is like: attributes from a file, or words that a text encoder turns into numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from autotransfer.data import Array, Dataset, Modality
from autotransfer.errors import InputError, MissingDependencyError
from autotransfer.loading.columns import listed
from autotransfer.loading.labels import spelled
from autotransfer.readers.cells import parse_cells
from autotransfer.readers.demo import read_classes
from autotransfer.readers.files import read_bytes
from autotransfer.readers.tidy import tidy

SENTENCE = "sentence:all-minilm-l6-v2"
"""The encoder of words where it is installed."""
SPELLING = "char_tfidf"
"""The one that stands in for it: it sees which names are spelled alike, not what they mean."""


@dataclass(frozen=True, eq=False)
class Descriptions:
    """:param names: of all classes. :param attributes: float32 (n_classes, n_attributes). :param notes: as ever.
    :param words: what is said of each class in words; None where numbers are."""

    names: tuple[str, ...]
    attributes: Array
    notes: tuple[str, ...]
    words: tuple[str, ...] | None = None


def read_descriptions(uri: str, hook: Any) -> Descriptions:
    """A table with a row a class: its name, then numbers (attributes), or words (a description; without any, the name
    itself). Where there are numbers, words are left out.

    :param hook: pluggy relay with ``open_source(uri=)`` and ``encoders()``, for words.
    :raises InputError: the table cannot be read, or holds a class twice, or an attribute is missing.
    """
    frame = parse_cells(uri, _content(uri), "\t" if uri.lower().endswith(".tsv") else None)
    names = tuple(spelled(frame.iloc[:, 0].to_numpy(dtype=object)))
    wrong = [name for name in names if not name or names.count(name) > 1]
    if wrong or len(names) < 2:
        culprit = f"; {wrong[0]!r} is not" if wrong else ""
        raise InputError(f"{uri}: the first column names two classes or more, each once{culprit}; correct it")
    tidied, _ = tidy(uri, frame.iloc[:, 1:])
    numeric = [column for column in tidied.columns if pd.api.types.is_numeric_dtype(tidied[column].dtype)]
    words = [column for column in tidied.columns if column not in numeric]
    if numeric:
        left = (f"{uri}: columns of words were left out: {listed(words)}",) if words else ()
        return Descriptions(names, _numbers(uri, names, tidied[numeric]), left)
    texts = [". ".join(str(cell) for cell in row if isinstance(cell, str)) for row in tidied[words].to_numpy()]
    attributes, note = embedded(uri, [text or name for text, name in zip(texts, names, strict=True)], hook)
    return Descriptions(names, attributes, (note,), tuple(texts))


def embedded(uri: str, texts: list[str], hook: Any) -> tuple[Array, str]:
    """Numbers (n, d) for texts, by the sentence encoder if its packages are installed, and a note on it."""
    rows = Dataset(uri, Modality.TEXT, np.array(texts, dtype=object))
    try:
        source = hook.open_source(uri=SENTENCE)
    except MissingDependencyError as error:
        source, why = None, str(error)
    else:
        why = f"{SENTENCE} is not installed"
    if source is not None and source.encoder is not None:
        return source.encoder.fit(rows).transform(rows), f"{uri}: classes are described in words, read by {SENTENCE}"
    known = {encoder.name: encoder for found in hook.encoders() for encoder in found}
    if SPELLING not in known:
        raise InputError(f"{uri}: classes are described in words, and no encoder for them is installed; give numbers")
    return known[SPELLING].fit(rows).transform(rows), (
        f"{uri}: classes are described in words, read by {SPELLING}, which knows no meanings ({why})"
    )


def _content(uri: str) -> bytes:
    shipped = read_classes(uri)
    if shipped is not None:
        return shipped
    if Path(uri).suffix.lower() not in (".csv", ".tsv"):
        raise InputError(f"{uri}: descriptions of classes are a .csv or .tsv file: name, then attributes or words")
    return read_bytes(uri)


def _numbers(uri: str, names: tuple[str, ...], table: pd.DataFrame) -> Array:
    numbers = table.to_numpy(np.float32)
    missing = np.argwhere(np.isnan(numbers))
    if len(missing):
        row, column = missing[0]
        raise InputError(f"{uri}: class {names[row]!r} has no value for {table.columns[column]!r}; fill it in")
    return np.asarray(numbers)
