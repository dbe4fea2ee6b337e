"""Tables: ``.csv`` and ``.tsv`` (also gzipped), ``.parquet``."""

from __future__ import annotations

import io

import pandas as pd

from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.cells import parse_cells
from autotransfer.readers.files import existing_file, has_suffix, read_bytes, stem
from autotransfer.readers.gzipped import gunzip
from autotransfer.readers.tabular import from_frame

DELIMITED = (".csv", ".tsv", ".csv.gz", ".tsv.gz")


def read(uri: str, options: ReadOptions) -> RawData | None:
    """A table, or texts when it is one long text column beside the label. Raises ``InputError``."""
    frame = read_frame(uri)
    return None if frame is None else from_frame(stem(existing_file(uri)), frame, options)


def read_frame(uri: str) -> pd.DataFrame | None:
    """The cells; None for other forms. Raises ``InputError``."""
    if has_suffix(uri, (".parquet",)):
        return parse_parquet(uri, read_bytes(uri))
    if not has_suffix(uri, DELIMITED):
        return None
    content = read_bytes(uri)
    if has_suffix(uri, (".gz",)):
        content = gunzip(uri, content)
    return parse_cells(uri, content, "\t" if has_suffix(uri, (".tsv", ".tsv.gz")) else None)


def parse_parquet(uri: str, content: bytes) -> pd.DataFrame:
    """The columns of a Parquet file, an index that pandas stored in it left out. Raises ``InputError``."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        arrow = parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{uri}: not an intact Parquet file; write it again") from error
    names = [str(name) for name in arrow.column_names]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{uri}: the column name {twice!r} occurs more than once; rename one of them")
    if not arrow.num_rows or not names:
        raise InputError(f"{uri}: it has no rows; give at least 10 rows")
    try:
        frame: pd.DataFrame = arrow.to_pandas(ignore_metadata=True, date_as_object=False)
    except (pa.ArrowException, ValueError) as error:
        raise InputError(f"{uri}: its columns cannot be read as a table; write plain numbers and words") from error
    return frame.drop(columns=[name for name in names if name.startswith("__index_level_")])
