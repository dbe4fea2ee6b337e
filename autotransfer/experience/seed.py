"""The experience that ships with the package, as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

from autotransfer.experience.row import ABOUT, NUMBERS, SCORE, Row

FILE = "seed.parquet"
"""Made by ``python -m benchmarks experience``; not edited by hand."""


@cache
def seed() -> tuple[Row, ...]:
    """All rows; none when the file is absent."""
    file = files("autotransfer.experience") / FILE
    if not file.is_file():
        return ()
    with as_file(file) as path:
        return read(path)


def read(path: Path) -> tuple[Row, ...]:
    """Rows of a file that :func:`write` wrote; what is no row there is left out."""
    table = pd.read_parquet(path)
    # In float32 a label count is exact and a score has seven digits; back in float64 they are Python's numbers.
    small = table.select_dtypes("float32").columns
    plain = table.astype(dict.fromkeys(small, "float64")).to_dict("records")
    rows = (Row.from_plain({str(key): value for key, value in row.items()}) for row in plain)
    return tuple(row for row in rows if row is not None)


def write(rows: Sequence[Row], path: Path) -> None:
    """Numbers as float32, text as categories: two million arms would still be a small file."""
    table = pd.DataFrame([row.to_plain() for row in rows])
    numbers = [n for n in table.columns.astype(str) if n.startswith((ABOUT, SCORE)) or table[n].dtype.kind == "f"]
    table = table.astype(dict.fromkeys((*numbers, *NUMBERS), "float32"))
    table.to_parquet(path, index=False, compression="zstd", compression_level=19)
