"""Cleaned text is harmless wherever it is shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.render.clean import clean, clean_report, shorten


@given(st.text(st.characters()))
def test_nothing_but_visible_characters_and_spaces_is_left(text):
    """No character of clean(x) is a control, a format character, a surrogate or a line separator."""
    assert not {unicodedata.category(character) for character in clean(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters()))
def test_cleaning_twice_changes_nothing(text):
    """clean(clean(x)) = clean(x)."""
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain × text", "plain × text"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;new title\x07shown", "shown"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jgone", "gone"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("\u202eevil", "evil"),
    ],
)
def test_clean(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(), st.integers(4, 40))
def test_shorten_keeps_both_ends(text, width):
    """|shorten(x, w)| <= w, and x itself when it fits."""
    short = shorten(text, width)
    assert len(short) <= width
    assert short == text if len(text) <= width else "…" in short and text.startswith(short.split("…")[0])


def test_every_string_of_a_report_is_cleaned(hostile):
    assert "\\x1b" not in repr(clean_report(hostile))
