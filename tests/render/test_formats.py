"""Which renderer a format has."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotransfer.errors import InputError
from autotransfer.render import FORMATS, format_of, renderer


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_renders_hostile_reports(name, hostile):
    assert renderer(name)(hostile).endswith("\n") or name == "html"


@pytest.mark.parametrize(
    ("wanted", "output", "form"),
    [
        (None, None, "text"),
        ("html", None, "html"),
        ("json", "x.html", "json"),
        (None, "x.HTML", "html"),
        (None, "x.md", "markdown"),
        (None, "x.json", "json"),
        (None, "x.txt", "text"),
        (None, "x", "text"),
        (None, "x.rst", "rst"),
    ],
)
def test_format_of(wanted, output, form):
    assert format_of(wanted, None if output is None else Path(output)) == form


def test_plugins_add_formats_but_cannot_take_a_name(report):
    brought = [{"rst": lambda shown: f"rst {shown.title}", "text": lambda shown: "taken"}]
    assert renderer("rst", brought)(report) == "rst books"
    assert renderer("text", brought)(report) != "taken"


def test_unknown_formats_are_named_with_the_known_ones():
    with pytest.raises(InputError, match="--format pdf: there is no such format; choose one of html, json"):
        renderer("pdf")
