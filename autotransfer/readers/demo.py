"""``demo:NAME``: small data sets that ship with the package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import resources

from autotransfer.data import Array
from autotransfer.demos import (
    CLASSES,
    FILES,
    LABEL,
    PAIRS,
    PREFIX,
    SEVERAL_LABELS,
    SHAPES,
    SPECIES_AND_SEX,
    SPECIES_THEN_SEX,
    STROKES,
    TWO_LANGUAGES,
)
from autotransfer.demos.several_labels import several_labels
from autotransfer.demos.shapes import shapes
from autotransfer.demos.species_and_sex import species_and_sex
from autotransfer.demos.species_then_sex import species_then_sex
from autotransfer.demos.strokes import strokes
from autotransfer.demos.two_languages import pairs, reviews
from autotransfer.errors import InputError
from autotransfer.problem import RawData, ReadOptions
from autotransfer.readers.cells import parse_cells
from autotransfer.readers.files import near_names
from autotransfer.readers.tabular import from_frame

_MADE: tuple[tuple[tuple[str, ...], Callable[[str], RawData]], ...] = (
    (SPECIES_AND_SEX, species_and_sex),
    (SPECIES_THEN_SEX, species_then_sex),
    (SEVERAL_LABELS, several_labels),
    (SHAPES, shapes),
    (STROKES, strokes),
    (TWO_LANGUAGES, reviews),
)
"""Names that are made, and by what."""


def read(uri: str, options: ReadOptions) -> RawData | None:
    """A data set of the package. Raises ``InputError`` for unknown names."""
    if not uri.startswith(PREFIX):
        return None
    name = uri.removeprefix(PREFIX)
    for names, made in _MADE:
        if name in names:
            return made(name)
    if name not in FILES:
        known = [*FILES, *(known for names, _ in _MADE for known in names)]
        raise InputError(f"{uri}: no such demo; {near_names(name, known)}")
    content = resources.files("autotransfer.demos").joinpath(FILES[name]).read_bytes()
    if options.label is None and options.like is None:
        options = replace(options, label=LABEL)
    return from_frame(name, parse_cells(uri, content), options)


def read_classes(uri: str) -> bytes | None:
    """The content of ``demo:NAME-classes``; None for other forms. Raises ``InputError`` for unknown names."""
    if not uri.startswith(PREFIX):
        return None
    name = uri.removeprefix(PREFIX)
    if name not in CLASSES:
        raise InputError(f"{uri}: no such descriptions of classes; {near_names(name, list(CLASSES))}")
    return resources.files("autotransfer.demos").joinpath(CLASSES[name]).read_bytes()


def read_pairs(uri: str) -> Array | None:
    """The pairs of ``demo:NAME-parallel`` or ``-dictionary``, object (n, 2); None for other forms. Raises
    ``InputError`` for unknown names."""
    if not uri.startswith(PREFIX):
        return None
    name = uri.removeprefix(PREFIX)
    if name not in PAIRS:
        raise InputError(f"{uri}: no such translations; {near_names(name, list(PAIRS))}")
    return pairs(name)
