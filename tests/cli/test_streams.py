"""Standard output is for the answer alone."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from autotransfer.cli import streams
from autotransfer.errors import InputError


def test_characters_that_the_terminal_lacks_become_question_marks(monkeypatch, call, saved):
    folder = saved().folder
    bytes_out = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(bytes_out, encoding="ascii"))
    assert call("report", folder).code == 0
    assert b"pooled ? dvd" in bytes_out.getvalue()


def test_an_ascii_terminal_for_real(saved):
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "autotransfer", "report", str(saved().folder)]
    done = subprocess.run(command, capture_output=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"pooled ? dvd" in done.stdout


def test_prints_of_others_go_to_standard_error(capsys):
    with streams.kept_clean():
        print("noise")
    streams.answer("answer\n")
    assert capsys.readouterr() == ("answer\n", "noise\n")


def test_files_are_utf8_whatever_the_terminal(tmp_path):
    streams.answer("é×\n", tmp_path / "sub" / "x.txt")
    assert (tmp_path / "sub" / "x.txt").read_bytes() == "é×\n".encode()


def test_unwritable_files_are_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"-o .*it cannot be written"):
        streams.answer("x", tmp_path / "file" / "x.txt")
