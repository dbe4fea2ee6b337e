"""Exit codes, one clear line for every error, and what is imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from autotransfer.errors import InputError, InterruptedRunError

LIGHT = """
import sys
from autotransfer.cli import run
code = run({arguments})
heavy = {{"torch", "optuna", "pandas", "sklearn", "numpy", "scipy", "timm", "rich", "jinja2"}} & set(sys.modules)
assert code == 0, code
assert not heavy, heavy
"""


def _one_line(result, start="autotransfer: "):
    assert result.out == ""
    assert result.err.count("\n") == 1
    assert result.err.startswith(start)
    return result.err


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], [], ["fit", "--help"], ["predict", "-h"]])
def test_help_imports_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", LIGHT.format(arguments=arguments)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "autotransfer" in done.stdout


def test_help_lists_every_command(call):
    result = call("--help")
    assert result.code == 0
    for name in ("fit", "assess", "predict", "report", "leaderboard", "methods", "plugins", "doctor"):
        assert f"\n  {name} " in result.out


def test_help_of_a_command_is_that_commands_help(call):
    assert call("help", "predict").out == call("predict", "--help").out != ""


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fti"], "there is no command 'fti': did you mean fit?"),
        (["zzz"], "run  autotransfer help"),
        (["--json", "fit"], "--json stands before the command"),
        (["fit"], "required: TARGET; see  autotransfer fit --help"),
        (["fit", "x", "--bugdet", "9s"], "unrecognized arguments: --bugdet 9s"),
        (["fit", "x", "--budget", "soon"], "argument --budget: 'soon'"),
        (["fit", "x", "--trials", "many"], "argument --trials: invalid int value: 'many'"),
        (["fit", "x", "--trials", "0"], "--trials 0: it must be at least 1"),
        (["fit", "x", "--trial", "3"], "unrecognized arguments"),
        (["report", "nowhere"], "nowhere: no run here"),
    ],
)
def test_wrong_input_is_one_line_and_exit_code_2(call, words, message):
    result = call(*words)
    assert result.code == 2
    assert message in _one_line(result)


def test_messages_cannot_move_the_cursor(call, engine):
    engine.outcome = InputError("\x1b[2J evil\nsecond line")
    assert "\x1b" not in call("fit", "x").err


def test_a_bug_is_one_line_with_the_traceback_in_a_file(call, engine):
    engine.outcome = KeyError("gone")
    result = call("fit", "x")
    assert result.code == 1
    line = result.err.splitlines()[-1]
    assert line.startswith("autotransfer: this is a bug in autotransfer (KeyError: 'gone'); the traceback is in ")
    file = Path(line.rpartition(" in ")[2])
    text = file.read_text()
    file.unlink()
    assert "Traceback" in text
    assert "KeyError: 'gone'" in text
    assert "Traceback" not in result.err


def test_debugging_raises_bugs(call, engine, monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_DEBUG", "1")
    engine.outcome = KeyError("gone")
    with pytest.raises(KeyError, match="gone"):
        call("fit", "x")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), InterruptedRunError("interrupted: nothing had finished")])
def test_interruption_is_exit_code_3(call, engine, error):
    engine.outcome = error
    result = call("fit", "x")
    assert result.code == 3
    assert "interrupted" in result.err


@pytest.mark.parametrize("words", [["--help"], ["fit", "--help"], ["methods"]])
def test_a_reader_that_left_is_no_error(words):
    """The pipe is closed before the command starts, so its first write fails."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "autotransfer", *words]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_module_is_the_command():
    done = subprocess.run([sys.executable, "-m", "autotransfer", "fti"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "autotransfer: there is no command 'fti': did you mean fit?\n"
