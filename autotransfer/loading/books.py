"""``book:FOLDER`` as a source: of the many sources in the book those that are likest to the target."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autotransfer.errors import InputError
from autotransfer.loading.resolve import Given, resolve_source
from autotransfer.problem import RawData, ReadOptions
from autotransfer.sourcebook.book import open_book
from autotransfer.sourcebook.encoding import sketch_target, space_encoder
from autotransfer.sourcebook.shortlist import shortlist
from autotransfer.task import Source

_SCHEME = "book:"


@dataclass(frozen=True, eq=False)
class Opened:
    """Sources, and what is to be said of books."""

    sources: tuple[RawData | Source, ...]
    notes: tuple[str, ...] = ()


def open_sources(given: Given | Source, target: RawData, options: ReadOptions, hook: Any) -> Opened:
    """What ``given`` names: one source, or the likest of a book. One that the book names in vain is a note."""
    if isinstance(given, RawData | Source) or not str(given).startswith(_SCHEME):
        return Opened((resolve_source(given, options, hook),))
    folder = Path(str(given).removeprefix(_SCHEME)).expanduser()
    book = open_book(folder)
    ours = sketch_target(target, space_encoder(book.space, hook))
    if ours.means.shape[1] != len(book.centre):
        widths = f"{ours.means.shape[1]} columns, the book's {len(book.centre)}"
        raise InputError(f"{given}: the target has {widths}; they share no space, so make a book of such sources")
    found, notes = [], []
    listed = shortlist(book, ours)
    for source in listed:
        try:
            found.append(resolve_source(source.name, options, hook))
        except InputError as error:
            notes.append(f"{given}: {error}; left out")
    told = f"{given}: of {len(book.names)} sources the likest {len(listed)} were opened, from {listed[0].name} "
    scores = f"(mean cosine {listed[0].score:.2f}) to {listed[-1].name} ({listed[-1].score:.2f})"
    return Opened(tuple(found), (told + scores, *notes))
