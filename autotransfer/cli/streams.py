"""Standard output is for the answer, standard error for everything else."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

from autotransfer.errors import InputError

_STDOUT = 1


def prepare() -> None:
    """Characters that the terminal's encoding lacks become question marks instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(message: str) -> None:
    """One line on standard error, nothing in it moves the cursor."""
    from autotransfer.render.clean import clean

    sys.stderr.write(f"autotransfer: {clean(message)}\n")
    sys.stderr.flush()


def answer(text: str, output: Path | None = None) -> None:
    """Write to standard output, or into a file (whole or not at all). A reader that left early is no error."""
    if output is not None:
        _save(text, output)
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()


def _save(text: str, output: Path) -> None:
    from autotransfer.state import write_atomically

    try:
        write_atomically(output, text.encode("utf-8", "replace"))
    except OSError as error:
        raise InputError(f"-o {output}: it cannot be written ({error.strerror}); name another file") from error


def flush() -> None:
    """Write what is still held back."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()


def reader_left() -> bool:
    """Whether the other end of standard output is closed; if so, further output goes nowhere."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        return True
    return False


@contextmanager
def kept_clean() -> Iterator[None]:
    """Whatever a library or a plugin prints meanwhile goes to standard error."""
    with redirect_stdout(sys.stderr):
        yield


def _silence() -> None:
    """The interpreter flushes standard output once more when it ends; that must not fail either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)
