"""Reports as markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.render.markdown import escape, render_markdown


def test_layout(report):
    text = render_markdown(report)
    assert text.startswith("# books\n\n**Transfer: pooled × dvd.**\n\n## Leaderboard\n\nFirst.\n")
    assert "| arm | gain |\n| --- | --: |\n| pooled × dvd | +0.110 |\n| coral | −0.050 |\n" in text
    assert "| pooled × dvd | +0.110 | +0.060 to +0.160 |" in text


@pytest.mark.parametrize(
    "text", ["- item", "+ item", "= rule", "1. item", "12) item", "# heading", "> quote", "* item"]
)
def test_a_line_from_data_starts_no_block(text):
    assert not re.match(r"[-+=#>*]|\d+[.)]", escape(text))


@given(st.text(st.characters(codec="utf-8")))
def test_markup_characters_are_always_escaped(text):
    """Every character with a meaning in markdown has an odd number of backslashes before it; < and > are entities."""
    escaped = escape(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|~]", escaped)
    assert not set("<>") & set(escaped)


def test_tables_keep_their_shape(hostile):
    rows = [line for line in render_markdown(hostile).splitlines() if line.startswith("| ")]
    cells = {len(re.findall(r"(?<!\\)\|", row)) - 1 for row in rows}
    assert cells == {2, 3}
    assert len(rows) == 2 * (len(hostile.sections[0].tables[0].rows) + 2)


def test_no_html_and_no_link_gets_through(hostile):
    text = render_markdown(hostile)
    assert "<" not in text
    assert not re.search(r"(?<!\\)\]\(", text)
