"""Delimited text to a frame of strings: encoding, delimiter, header and the width of every row are checked."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Literal, TypeAlias

import pandas as pd

from autotransfer.errors import InputError

DELIMITERS = (",", ";", "\t")
CHUNK = 50_000
FIELD_LIMIT = 2**30
Quoting: TypeAlias = Literal[0, 3]
"""``csv.QUOTE_MINIMAL`` or ``csv.QUOTE_NONE``."""


def parse_cells(uri: str, content: bytes, delimiter: str | None = None) -> pd.DataFrame:
    """All cells as strings. Raises ``InputError``.

    :param delimiter: None: whichever of comma, semicolon and tab gives the widest even table.
    """
    text = decode(uri, content)
    delimiter = delimiter or sniff(text)
    try:
        return _parse(uri, text, delimiter, csv.QUOTE_MINIMAL)
    except InputError:
        if delimiter != "\t":
            raise
    return _parse(uri, text, delimiter, csv.QUOTE_NONE)  # most tab-separated files know no quoting


def _parse(uri: str, text: str, delimiter: str, quoting: Quoting) -> pd.DataFrame:
    rows = _rows(uri, text, delimiter, quoting)
    names = _header(uri, next((row for _, row in rows if _filled(row)), []))
    chunks: list[pd.DataFrame] = []
    checked = _checked(uri, rows, len(names))
    while block := list(islice(checked, CHUNK)):
        columns = zip(names, zip(*block, strict=True), strict=True)
        chunks.append(pd.DataFrame({name: pd.array(list(cells), dtype="string[pyarrow]") for name, cells in columns}))
    if not chunks:
        raise InputError(f"{uri}: it has a header and no rows; give at least 10 rows")
    return pd.concat(chunks, ignore_index=True)


def decode(uri: str, content: bytes) -> str:
    """UTF-8 text, a byte order mark aside."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError(f"{uri}: the text is UTF-16, not UTF-8; convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{uri}: byte 0x{error.object[error.start]:02X} in line {line} is not UTF-8; "
            "convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW"
        ) from error
    if not text.strip():
        raise InputError(f"{uri}: the file is empty; give a file with data")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"{uri}: line {line} holds a NUL byte, so this is no text table; save it again as CSV")
    return text


def sniff(text: str) -> str:
    """The delimiter that splits the first rows evenly into the most fields; a comma when none does."""
    best, width = ",", 1
    for delimiter in DELIMITERS:
        try:
            head = list(islice((row for _, row in _rows("", text, delimiter) if _filled(row)), 20))
        except InputError:
            continue
        widths = {len(row) for row in head}
        if len(widths) == 1 and max(widths) > width:
            best, width = delimiter, max(widths)
    return best


def _rows(uri: str, text: str, delimiter: str, quoting: Quoting = csv.QUOTE_MINIMAL) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise InputError(
            f"{uri}: line {reader.line_num} breaks the rules of quoting ({error}); double each quote inside a field"
        ) from error


def _filled(row: list[str]) -> bool:
    return len(row) > 1 or bool(row and row[0].strip())


def _checked(uri: str, rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[list[str]]:
    for line, row in rows:
        if len(row) == width:
            yield row
        elif _filled(row):
            raise InputError(
                f"{uri}: line {line} has {len(row)} fields where the header has {width}; "
                "quote fields that hold the delimiter, or complete the row"
            )


def _header(uri: str, names: list[str]) -> list[str]:
    names = [name.strip() for name in names]
    named = [name or f"column_{position}" for position, name in enumerate(names, 1)]
    twice = [name for name, count in Counter(named).items() if count > 1]
    numbers = sum(_is_number(name) for name in names)
    if numbers == len(names) and names != [str(position) for position in range(len(names))]:
        raise InputError(f"{uri}: its first line holds only numbers; put a line of column names above it")
    if twice:
        raise InputError(f"{uri}: the column name {twice[0]!r} occurs more than once; rename one of them")
    return named


def _is_number(name: str) -> bool:
    try:
        float(name)
    except ValueError:
        return False
    return True
