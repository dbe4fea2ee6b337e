"""Which renderer a format has: one table, and what plugins add to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from autotransfer.errors import InputError
from autotransfer.render.as_json import render_json
from autotransfer.render.html import render_html
from autotransfer.render.markdown import render_markdown
from autotransfer.render.text import render_text
from autotransfer.report import Report

Renderer = Callable[[Report], str]

FORMATS: Mapping[str, Renderer] = MappingProxyType(
    {"text": render_text, "markdown": render_markdown, "html": render_html, "json": render_json}
)
_SUFFIXES = {".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".txt": "text"}


def format_of(wanted: str | None, output: Path | None) -> str:
    """The format asked for, else the one that the file name's ending stands for, else text."""
    if wanted is not None:
        return wanted
    if output is None:
        return "text"
    suffix = output.suffix.lower()
    return _SUFFIXES.get(suffix, suffix.removeprefix(".") or "text")


def renderer(name: str, contributed: Iterable[Mapping[str, Renderer]] = ()) -> Renderer:
    """The renderer of that name. Raises ``InputError`` that lists the names there are.

    :param contributed: what plugins' ``report_formats`` returned. The built-in names cannot be taken.
    """
    known = dict(FORMATS)
    for formats in contributed:
        for key, function in formats.items():
            known.setdefault(key, function)
    if name not in known:
        raise InputError(f"--format {name}: there is no such format; choose one of {', '.join(sorted(known))}")
    return known[name]
