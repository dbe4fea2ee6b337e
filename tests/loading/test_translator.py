"""The translator command: what it is given, what it may give back, and that no shell sees it."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.errors import InputError
from autotransfer.loading.translator import run_translator, translations


def python(code: str) -> str:
    return shlex.join([sys.executable, "-c", code])


UPPER = python("import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().decode().upper().encode())")


def test_a_line_for_a_line() -> None:
    assert run_translator(UPPER, ["straße", "", "b c"], 60) == ["STRASSE", "", "B C"]
    assert run_translator(UPPER, [""], 60) == [""]


def test_every_text_is_asked_once_and_on_one_line() -> None:
    data = Dataset("d", Modality.TEXT, np.array(["a\nb", "a\nb", "c"], dtype=object))
    assert translations(UPPER, [data, data], 60) == {"a\nb": "A B", "c": "C"}


def test_no_shell_reads_it(tmp_path: Path) -> None:
    """What a shell would take for commands and files are arguments."""
    there = tmp_path / "made"
    tell = python("import sys; print(sys.argv[1:])")
    (line,) = run_translator(f"{tell} ; touch {there} '$(touch {there})' > {there}", ["x"], 60)
    assert line == str([";", "touch", str(there), f"$(touch {there})", ">", str(there)])
    assert not there.exists()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/no/such/program", "cannot be run"),
        (python("import sys; sys.exit('no model')"), "code 1: no model"),
        (python("print('one')"), "wrote 1 lines for 2"),
        (python("import sys; sys.stdout.buffer.write(b'\\xff\\n\\xff\\n')"), "not UTF-8"),
        ("echo 'unfinished", "quotes do not match"),
        ("  ", "it is empty"),
    ],
)
def test_what_goes_wrong_is_said_in_one_line(command: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as error:
        run_translator(command, ["a", "b"], 60)
    assert "\n" not in str(error.value)


def test_one_that_never_ends_is_ended() -> None:
    with pytest.raises(InputError, match="not translated within 0 s"):
        run_translator(python("import threading; threading.Event().wait(60)"), ["a"], 0.3)
