"""Reports for the terminal."""

from __future__ import annotations

from autotransfer.render.text import render_text
from autotransfer.report import Report, Section, Table


def test_layout(report):
    lines = render_text(report).splitlines()
    assert lines[:4] == ["books", "=====", "", "Transfer: pooled × dvd."]
    assert "arm             gain" in lines
    assert "pooled × dvd  +0.110" in lines
    assert "coral         −0.050" in lines
    assert next(line for line in lines if "####" in line).endswith("|####################  +0.110 (+0.060 to +0.160)")


def test_nothing_from_data_moves_the_cursor(hostile):
    text = render_text(hostile)
    assert not {character for character in text if character < " " and character != "\n"}
    assert not set("\x7f\x9b\u202e\ud800") & set(text)


def test_no_line_of_prose_is_longer_than_the_width():
    prose = "word " * 100
    assert max(map(len, render_text(Report("t", prose, (Section("s", (prose,)),))).splitlines())) <= 100


def test_a_per_cent_sign_stays_with_its_number():
    line = render_text(Report("t", "x" * 97 + " 5 %", ())).splitlines()
    assert "5 %" in line


def test_long_cells_go_over_several_lines():
    text = render_text(Report("t", "v", (Section("s", (), (Table(("a", "b"), (("word " * 20, "1"),)),)),)))
    assert text.count("word") == 20


def test_wide_characters_keep_columns_aligned():
    rows = (("漢字", "x"), ("abcd", "x"))
    lines = render_text(Report("t", "v", (Section("s", (), (Table(("name", "b"), rows),)),))).splitlines()
    assert lines[-2:] == ["漢字  x", "abcd  x"]
