"""The command line of the benchmarks and the form of their results."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autotransfer.errors import InputError
from benchmarks import __main__ as command
from benchmarks import harness
from benchmarks.harness import Arguments, Bar, Result, as_json, as_text, at_least, at_most, available, below, load

BARS = (below("time", 0.25, 0.3), at_least("share", 0.5, 0.6), at_most("harmful", None, 0.05))
ROWS = ({"task": "a", "score": 0.123456}, {"task": "longer", "extra": None})
RESULT = Result("sample", BARS, ROWS)


@pytest.mark.parametrize(
    ("make", "met"),
    [(below, (True, False, False)), (at_most, (True, True, False)), (at_least, (False, True, True))],
)
def test_bars(make, met):
    """Met is (value < 1), (value <= 1), (value >= 1) for the values 0.5, 1, 1.5; never without a value."""
    assert tuple(make("x", value, 1.0).met for value in (0.5, 1.0, 1.5)) == met
    assert not make("x", None, 1.0).met


def test_json():
    """The document has the four promised keys, the bars their four."""
    document = json.loads(as_json(RESULT))
    assert list(document) == ["benchmark", "bars", "rows", "environment"]
    assert document["bars"][0] == {"name": "time", "value": 0.25, "target": "< 0.3", "met": True}
    assert document["rows"] == [dict(row) for row in ROWS]
    assert document["environment"]["python"].startswith("3.")


def test_table():
    """Every column and row appears, cells of a column start at the same place, each bar says whether it is met."""
    assert as_text(RESULT).splitlines() == [
        "sample",
        "",
        "task    score   extra",
        "------  ------  -----",
        "a       0.1235  -",
        "longer  -       -",
        "",
        "bar      value  target",
        "-------  -----  -------  -------",
        "time     0.25   < 0.3    met",
        "share    0.5    >= 0.6   NOT met",
        "harmful  -      <= 0.05  NOT met",
    ]
    assert as_text(Result("empty", (Bar("b", 1.0, "", True),))).startswith("empty\n\nbar")


def test_rows_may_name_their_table():
    """Each table has its title and its own columns, in the order in which the tables appear."""
    rows = ({"table": "first", "a": 1}, {"table": "second", "b": 2}, {"table": "first", "a": 3})
    assert as_text(Result("sample", (Bar("b", 1.0, "", True),), rows)).split("\n\n")[1:3] == [
        "first\na\n-\n1\n3",
        "second\nb\n-\n2",
    ]


def test_only_benchmarks_are_listed():
    """Modules without a function run are helpers, and asking for one is an error that lists the others."""
    assert "overhead" in available()
    assert not {"harness", "__main__", "__init__"} & set(available())
    assert callable(load("overhead"))
    with pytest.raises(LookupError, match=r"'harness': there are .*overhead"):
        load("harness")


def test_command(tmp_path, monkeypatch, capsys):
    """The options reach the benchmark, the table is printed, the JSON written, and a missed bar is no failure."""
    seen = []
    monkeypatch.setattr(command, "load", lambda name: lambda arguments: seen.append((name, arguments)) or RESULT)
    file = tmp_path / "result.json"
    assert command.main(["sample", "--data", str(tmp_path), "--quick", "--json", str(file)]) == 0
    assert seen == [("sample", Arguments(tmp_path, quick=True))]
    assert capsys.readouterr().out == as_text(RESULT)
    assert json.loads(file.read_text())["benchmark"] == "sample"


def test_bad_input_is_one_line(monkeypatch, capsys):
    """A benchmark's InputError ends the command with exit code 2, its words and no traceback."""

    def refuse(arguments):
        raise InputError("--tasks x: there is no such part")

    monkeypatch.setattr(command, "load", lambda name: refuse)
    with pytest.raises(SystemExit, match="2"):
        command.main(["sample"])
    assert "--tasks x: there is no such part" in capsys.readouterr().err


def test_default_data(monkeypatch):
    """AUTOTRANSFER_DATA names the folder."""
    monkeypatch.setenv("AUTOTRANSFER_DATA", "/somewhere")
    assert command.default_data() == Path("/somewhere")


def test_unknown_name():
    """Exit code 2 and one line with what there is."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "nonsense"],
        cwd=harness.HERE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no benchmark is called 'nonsense': there are" in done.stderr.splitlines()[-1]
