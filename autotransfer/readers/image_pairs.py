"""Folders of images with a sentence on each: ``captions.csv`` names a file and its caption in each row."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from autotransfer.data import Array, Modality
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.cells import parse_cells
from autotransfer.readers.files import near_names, read_bytes
from autotransfer.readers.images import describe_bad, is_folder, is_image, unreadable

CAPTIONS = "captions.csv"
COLUMNS = ("file", "caption")


def read(uri: str, options: ReadOptions) -> RawData | None:
    """The pairs of a folder that holds ``captions.csv``; None for other folders. Raises ``InputError``."""
    folder = Path(uri).expanduser()
    if not is_folder(folder) or not (folder / CAPTIONS).is_file():
        return None
    return read_pairs(uri, folder)


def read_pairs(uri: str, folder: Path, name: str | None = None) -> RawData:
    """A row a caption, in the file's order; an image may have several. Rows without a caption, images that cannot be
    decoded and images without a row are left out and noted.

    Raises ``InputError`` for names that leave the folder, for files that are not there, and where nothing is left.
    """
    title, listed = name or folder.resolve().name, f"{uri.rstrip('/')}/{CAPTIONS}"
    table = _table(listed, folder)
    files = [folder / _inner(listed, file) for file in table["file"]]
    _refuse_missing(listed, folder, files)
    different = list(dict.fromkeys(files))
    failed = dict(zip(different, unreadable(different), strict=True))
    captions: Array = table["caption"].to_numpy(dtype=object)
    kept = np.array([bool(caption) and not failed[file] for file, caption in zip(files, captions, strict=True)])
    if not kept.any():
        raise InputError(f"{listed}: no row has a readable image and a caption; give some")
    notes = _notes(title, folder, failed, int((captions == "").sum()))
    inputs = np.array([str(file.resolve()) for file in files], dtype=object)[kept]
    return replace(RawData(title, Modality.IMAGE, inputs, notes=notes), captions=captions[kept])


def _table(listed: str, folder: Path) -> pd.DataFrame:
    table = parse_cells(listed, read_bytes(str(folder / CAPTIONS)))
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        hint = near_names(missing[0], [str(column) for column in table.columns])
        raise InputError(f"{listed}: no column {missing[0]!r}; name its columns file and caption ({hint})")
    found = {name: [" ".join(str(cell).split()) for cell in table[name].fillna("")] for name in COLUMNS}
    return pd.DataFrame(found, dtype=object)


def _inner(listed: str, file: str) -> PurePosixPath:
    """Raises ``InputError`` for names that point outside of the folder."""
    path = PurePosixPath(file)
    if not file or path.is_absolute() or ".." in path.parts or "\\" in file or re.match("[A-Za-z]:", file):
        rule = "points outside its folder" if file else "is empty"
        raise InputError(f"{listed}: the file name {file!r} {rule}; write it relative to the folder, as in pics/1.jpg")
    return path


def _refuse_missing(listed: str, folder: Path, files: list[Path]) -> None:
    missing = [file for file in dict.fromkeys(files) if "\0" in str(file) or not file.is_file()]
    if missing:
        more = f" and {len(missing) - 1} others" if len(missing) > 1 else ""
        first = missing[0].relative_to(folder)
        raise InputError(f"{listed}: there is no image {str(first)!r}{more}; correct the column file, or drop the row")


def _notes(title: str, folder: Path, failed: dict[Path, bool], empty: int) -> tuple[str, ...]:
    bad = [file for file, broken in failed.items() if broken]
    others = sum(is_image(path) and path not in failed for path in folder.rglob("*"))
    found = (
        (len(bad), describe_bad(title, bad, len(failed))),
        (empty, f"{title}: {empty} rows of {CAPTIONS} have no caption; left out"),
        (others, f"{title}: {others} images have no row in {CAPTIONS}; left out"),
    )
    return tuple(words for count, words in found if count)
