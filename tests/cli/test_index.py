from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest

from autotransfer.cli.main import run


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    rng = np.random.default_rng(0)
    for number in range(3):
        np.savez(tmp_path / f"{number}.npz", X=rng.normal(size=(30, 4)), y=np.arange(30) % 2)
    return [str(tmp_path / f"{number}.npz") for number in range(3)]


def test_a_book_is_a_source_by_its_folder(names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book"
    assert run(["index", *names[1:], "nowhere.csv", "--out", str(book)]) == 0
    told = capsys.readouterr()
    assert told.out == f"book:{book}: 2 of 3 sources\n"
    assert "left out: nowhere.csv" in told.err
    assert run(["assess", names[0], "--source", f"book:{book}", "--methods", "pooled", "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["evidence"]) == {"1", "2", "all"}


def test_names_from_standard_input(
    names: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(names) + "\n\n"))
    assert run(["index", "-", "--out", str(tmp_path / "book"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sources"] == names


def test_what_is_wrong_is_one_line(names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["index", *names, "--out", str(tmp_path)]) == 2
    assert "new or empty" in capsys.readouterr().err
    assert run(["index", *names]) == 2
    assert "--out" in capsys.readouterr().err
