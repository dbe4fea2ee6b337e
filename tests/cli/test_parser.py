"""Argument errors in one line."""

from __future__ import annotations

import pytest

from autotransfer.cli.parser import parser_of
from autotransfer.commands import Command
from autotransfer.errors import InputError

COMMAND = Command(
    "demo", "show something", lambda parser: parser.add_argument("--level", type=int) and None, lambda _: 0
)


@pytest.mark.parametrize("words", [["--level", "x"], ["--lev", "1"], ["extra"], ["--level"]])
def test_errors_are_one_line_with_the_way_to_help(words):
    with pytest.raises(InputError, match=r"^[^\n]+; see  autotransfer demo --help$"):
        parser_of(COMMAND).parse_args(words)


def test_help_starts_with_what_it_does():
    assert "Show something." in parser_of(COMMAND).format_help()
