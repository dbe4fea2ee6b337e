"""The file of experience: every row whole, whoever else writes, and whatever somebody did to the file."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from autotransfer.experience.journal import VARIABLE, append, lines, read, store
from autotransfer.experience.row import Row

WRITERS, EACH = 4, 25


def row_of(name: str) -> Row:
    return Row(name, "t", "f", "s", "rows", "pooled", "accuracy", "table", "complete", about={"width": 3.0}, gain=1.5)


def _write(path: str, writer: int) -> None:
    for number in range(EACH):
        append(Path(path), [row_of(f"{writer}-{number}-{part}") for part in range(3)])


def test_rows_come_back_in_order(tmp_path):
    rows = [row_of(str(number)) for number in range(5)]
    append(tmp_path / "deep" / "file.jsonl", rows[:2])
    append(tmp_path / "deep" / "file.jsonl", rows[2:])
    assert read(tmp_path / "deep" / "file.jsonl") == tuple(rows)


def test_writers_at_the_same_time_lose_nothing(tmp_path):
    """Each append is whole: its three rows stand beside each other."""
    path = tmp_path / "file.jsonl"
    with ProcessPoolExecutor(WRITERS, mp_context=get_context("fork")) as pool:
        list(pool.map(_write, [str(path)] * WRITERS, range(WRITERS)))
    names = [row.task for row in read(path)]
    assert len(set(names)) == WRITERS * EACH * 3
    for start in range(0, len(names), 3):
        assert len({name.rpartition("-")[0] for name in names[start : start + 3]}) == 1


def test_a_torn_line_and_rubbish_cost_themselves_alone(tmp_path):
    path = tmp_path / "file.jsonl"
    text = lines([row_of("a")])
    path.write_bytes(text.encode() + b"\x80\xff\n[1]\n" + b"[" * 100_000 + b"\n" + text[:40].encode())
    append(path, [row_of("b")])
    assert [row.task for row in read(path)] == ["a", "b"]


def test_a_file_that_cannot_be_written_costs_a_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    append(tmp_path / "file" / "inside", [row_of("a")])
    assert "not kept" in caplog.text
    assert read(tmp_path / "absent") == ()


@pytest.mark.parametrize(("value", "expected"), [("off", None), ("OFF", None), ("/x/y", Path("/x/y"))])
def test_the_variable_names_the_file_or_switches_it_off(monkeypatch, value, expected):
    monkeypatch.setenv(VARIABLE, value)
    assert store() == expected


def test_the_file_stands_in_the_cache_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path))
    assert store() == tmp_path / "experience.jsonl"
