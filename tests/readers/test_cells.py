"""Delimited text: every broken form has its line, every good one its cells."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.errors import InputError
from autotransfer.readers.cells import parse_cells, sniff

WORD = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)


def cells(text: str, delimiter: str | None = None) -> list[list[str]]:
    return parse_cells("f.csv", text.encode(), delimiter).astype(object).to_numpy().tolist()


@given(st.lists(st.tuples(WORD, WORD), min_size=1, max_size=8), st.sampled_from([",", ";", "\t"]))
def test_cells_survive_writing(rows, delimiter):
    """parse ∘ write = identity on strings, whatever quotes, delimiters and line ends they hold."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([("a", "b"), *rows])
    assert cells(file.getvalue(), delimiter) == [list(row) for row in rows]


@given(st.binary(max_size=80))
def test_any_bytes_give_a_table_or_one_line(content):
    outcome = ""
    try:
        outcome = "table" * (len(parse_cells("f.csv", content)) > 0)
    except InputError as error:
        outcome = str(error)
    assert outcome
    assert "\n" not in outcome


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "f.csv: the file is empty; give a file with data"),
        (b"\n \n", "f.csv: the file is empty; give a file with data"),
        (b"a,b\n", "f.csv: it has a header and no rows; give at least 10 rows"),
        (b"a,b,a\n1,2,3\n", "f.csv: the column name 'a' occurs more than once; rename one of them"),
        (b"1.5,2\n3,4\n", "f.csv: its first line holds only numbers; put a line of column names above it"),
        (
            b"a,b\n1,2\n3,4,5\n",
            "f.csv: line 3 has 3 fields where the header has 2; quote fields that hold the delimiter",
        ),
        (b"a,b\n1\n", "f.csv: line 2 has 1 fields where the header has 2"),
        (b"a,b\n1,2\n\xe9,3\n", "f.csv: byte 0xE9 in line 3 is not UTF-8; convert it: iconv -f WINDOWS-1252 -t UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "f.csv: the text is UTF-16, not UTF-8; convert it: iconv -f UTF-16"),
        (b"a,b\n1,\x002\n", "f.csv: line 2 holds a NUL byte, so this is no text table; save it again as CSV"),
        (b'a,b\n"x"y,2\n', "f.csv: line 2 breaks the rules of quoting"),
        (b'a,b\n"x,2\n', "breaks the rules of quoting"),
    ],
    ids=str,
)
def test_broken_files_are_named(content, message):
    with pytest.raises(InputError) as caught:
        parse_cells("f.csv", content)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_byte_order_mark_and_blank_lines_are_fine():
    assert list(parse_cells("f.csv", b"\xef\xbb\xbfa,b\n1,2\n\n3,4\n").columns) == ["a", "b"]
    assert cells("a,b\r\n1,2\r\n\r\n3,4\r\n") == [["1", "2"], ["3", "4"]]


def test_one_very_long_line():
    """Longer than the csv module's default field limit of 131072."""
    assert cells(f"a,b\n{'x' * 300_000},1\n")[0][0] == "x" * 300_000


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_found(delimiter):
    assert sniff(f"a{delimiter}b{delimiter}c\n1{delimiter}2{delimiter}3\n") == delimiter


def test_decimal_commas_do_not_hide_semicolons():
    assert cells("a;b\n1,5;2,5\n3,5;4,5\n") == [["1,5", "2,5"], ["3,5", "4,5"]]


def test_tab_separated_quotes_are_plain_characters():
    assert cells('a\tb\n"Hello" he said\t1\n', "\t") == [['"Hello" he said', "1"]]


def test_counted_header_of_a_saved_array_is_accepted():
    assert list(parse_cells("f.csv", b"0,1,2\n5,6,7\n").columns) == ["0", "1", "2"]
