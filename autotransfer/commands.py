"""A subcommand of the command line, built-in or brought by a plugin's ``register_commands``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """``autotransfer NAME ...``.

    :param name: one lower-case word.
    :param help: one line for the list of commands.
    :param configure: adds arguments to the command's own parser.
    :param execute: does the work and returns the exit code, 0 when done. Raises ``AutoTransferError`` (exit code 2)
        with one line for what the user can correct.
    """

    name: str
    help: str
    configure: Callable[[argparse.ArgumentParser], None]
    execute: Callable[[argparse.Namespace], int]
