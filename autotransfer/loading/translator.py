"""The translator command of the user. It is run when the data are loaded, and nowhere else: no model, run or data file
can name one."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence

import numpy as np

from autotransfer.data import Dataset
from autotransfer.errors import InputError

_SHARE = 0.5
"""Of the budget, which the command may take."""


def translations(command: str, sources: Sequence[Dataset], budget: float) -> dict[str, str]:
    """Text -> its translation, for every text of the sources, each asked once.

    :param command: as typed: a program and its arguments, in a shell's quoting, run without a shell.
    :param budget: seconds of the run, of which half may be spent.
    :raises InputError: the command cannot be run, fails, takes too long, or gives another number of lines.
    """
    texts = list(dict.fromkeys(str(text) for part in sources for text in np.asarray(part.inputs, dtype=object)))
    lines = [" ".join(text.split()) for text in texts]
    return dict(zip(texts, run_translator(command, lines, budget * _SHARE), strict=True))


def run_translator(command: str, lines: Sequence[str], seconds: float) -> list[str]:
    """One line out for each line in, in order."""
    who = f"--translator {command}"
    arguments = _arguments(who, command)
    given = "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")
    try:
        # The user's own words, as an argument list without a shell.
        done = subprocess.run(arguments, input=given, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"{who}: {len(lines)} texts were not translated within {seconds:.0f} s, half of the budget; give --budget "
            "more, or fewer texts"
        ) from error
    except OSError as error:
        raise InputError(f"{who}: cannot be run ({error.strerror}); check the program's path") from error
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()
        words = f": {last[-1][:200]}" if last else ""
        raise InputError(f"{who}: it ended with code {done.returncode}{words}; try it on a line of text")
    return _lines(who, done.stdout, len(lines))


def _arguments(who: str, command: str) -> list[str]:
    try:
        arguments = shlex.split(command)
    except ValueError as error:
        raise InputError(f"{who}: its quotes do not match ({error}); close them") from error
    if not arguments:
        raise InputError("--translator: it is empty; write a program and its arguments")
    return arguments


def _lines(who: str, output: bytes, expected: int) -> list[str]:
    try:
        found = output.decode("utf-8").replace("\r\n", "\n").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{who}: what it writes is not UTF-8; set its encoding") from error
    if len(found) != expected:
        raise InputError(f"{who}: it wrote {len(found)} lines for {expected}; it must write a line for each line")
    return found
