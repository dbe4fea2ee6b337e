"""Argument parsing with errors in one line."""

from __future__ import annotations

import argparse
from typing import NoReturn, final

from autotransfer.commands import Command
from autotransfer.errors import InputError


@final
class Parser(argparse.ArgumentParser):
    """``argparse`` that raises ``InputError`` where it would print its usage and exit."""

    def error(self, message: str) -> NoReturn:
        """The one place that argparse offers to be replaced."""
        raise InputError(f"{' '.join(message.split())}; see  {self.prog} --help")


def parser_of(command: Command) -> Parser:
    """The parser of one command. Options cannot be abbreviated: a later version may add another with that start."""
    parser = Parser(
        prog=f"autotransfer {command.name}",
        description=f"{command.help[:1].upper()}{command.help[1:]}.",
        allow_abbrev=False,
    )
    command.configure(parser)
    return parser
