"""Everything that was named on the command line, read but not yet matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading.books import open_sources
from autotransfer.loading.names import unique_names
from autotransfer.loading.resolve import Given, resolve_data
from autotransfer.problem import RawData, ReadOptions
from autotransfer.settings import Settings
from autotransfer.task import Source


@dataclass(frozen=True, eq=False)
class Readings:
    """:param test: the test file; ``unlabeled``: the file of more rows without labels; ``books``: what they said."""

    target: RawData
    sources: tuple[RawData | Source, ...]
    test: RawData | None
    unlabeled: RawData | None
    books: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Of all readers."""
        raws = (self.target, *self.sources, self.test, self.unlabeled)
        told = self.target.captions is not None
        unread = (f"{self.target.name}: captions of the target are not looked at, only those of sources",) * told
        return (*(note for raw in raws if isinstance(raw, RawData) for note in raw.notes), *self.books, *unread)


def read_all(target: Given, sources: Sequence[Given | Source], settings: Settings, hook: Any) -> Readings:
    """Raises ``InputError`` for whatever cannot be read."""
    if isinstance(sources, str | Path):
        raise InputError(f"sources: {str(sources)!r} is one name; give a list, [{str(sources)!r}]")
    options = ReadOptions(settings.label, settings.text, settings.drop, task=settings.task)
    raw = resolve_data(target, options, hook)
    companion = companion_options(raw, options)
    opened = [open_sources(source, raw, companion, hook) for source in sources]
    found = [source for each in opened for source in each.sources]
    names = unique_names([source.name for source in found])
    return Readings(
        raw,
        tuple(replace(source, name=name) for source, name in zip(found, names, strict=True)),
        None if settings.test is None else resolve_data(settings.test, companion, hook),
        None if settings.unlabeled is None else resolve_data(settings.unlabeled, companion, hook),
        tuple(note for each in opened for note in each.notes),
    )


def companion_options(target: RawData, options: ReadOptions) -> ReadOptions:
    """How to read files that go with the target: the same label column, and its features are no labels."""
    table = target.modality is Modality.TABLE and isinstance(target.inputs, pd.DataFrame)
    columns = tuple(target.inputs.columns) if table else ()  # type: ignore[attr-defined]
    several = target.also and options.task is None
    return replace(options, label=options.label if several else target.label or options.label, like=columns)
