"""Makes a book of sources: each is opened once, sketched, and closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autotransfer.errors import InputError
from autotransfer.loading import resolve_data
from autotransfer.problem import ReadOptions
from autotransfer.sourcebook.book import Book, write_book
from autotransfer.sourcebook.encoding import sketch_source, space_encoder
from autotransfer.sourcebook.sketch import Sketch


def index(
    sources: Sequence[str],
    space: str,
    folder: Path,
    options: ReadOptions,
    hook: Any,
    say: Callable[[str], None],
) -> Book:
    """Write a book into ``folder``. Files are named by their full path, so that it may be opened from anywhere.

    :param space: URI of the model that encodes rows; "": they are feature vectors of one width.
    :param hook: pluggy relay of the readers. :param say: told of each source that is left out, and why.
    :raises InputError: no source is left, or the folder is not empty.
    """
    encoder = space_encoder(space, hook)
    found: dict[str, Sketch] = {}
    for uri in dict.fromkeys(sources):
        try:
            made = sketch_source(resolve_data(uri, options, hook), encoder)
            _check_width(uri, made, found)
        except InputError as error:
            say(f"left out: {error}")
        else:
            found[_full(uri)] = made
    if not found:
        raise InputError(f"{folder}: not one of {len(sources)} sources can be in the book; see the reasons above")
    offsets = np.concatenate([[0], np.cumsum([len(made.means) for made in found.values()])])
    return write_book(folder, space, tuple(found), offsets, np.concatenate([made.means for made in found.values()]))


def _check_width(uri: str, made: Sketch, others: dict[str, Sketch]) -> None:
    first = next(iter(others.values()), made)
    if made.means.shape[1] != first.means.shape[1]:
        widths = f"{made.means.shape[1]} columns, the first source's {first.means.shape[1]}"
        raise InputError(f"{uri}: its rows have {widths}; a book has one space")


def _full(uri: str) -> str:
    try:
        path = Path(uri).expanduser()
        return str(path.resolve()) if path.exists() else uri
    except (OSError, ValueError):
        return uri
