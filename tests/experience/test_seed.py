"""The Parquet file gives back what was written, and the history begins with what ships."""

from __future__ import annotations

import numpy as np

from autotransfer.experience.history import History
from autotransfer.experience.journal import VARIABLE, append
from autotransfer.experience.row import Row
from autotransfer.experience.seed import read, seed, write


def row_of(number: int) -> Row:
    scores = {"mmd": 0.25 * number} if number % 2 else {"logme": -1.5}
    gain = None if number == 3 else 2.0 * number
    return Row(
        "t",
        "t",
        "f",
        f"s{number}",
        "rows",
        "pooled",
        "accuracy",
        "table",
        "complete",
        None,
        {"width": 7.0},
        scores,
        gain,
    )


def test_rows_come_back(tmp_path):
    """Numbers that float32 holds exactly, absent ones absent."""
    rows = tuple(row_of(number) for number in range(6))
    write(rows, tmp_path / "rows.parquet")
    assert read(tmp_path / "rows.parquet") == rows


def test_what_ships_is_sound():
    for row in seed():
        assert row.status in ("complete", "failed")
        assert (row.gain is None) == (row.status == "failed")
        if row.gain is not None:
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.gain <= row.high
            assert np.isfinite(list(row.about.values())).all()


def test_the_history_is_what_ships_and_then_the_users_own(monkeypatch, tmp_path):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "own.jsonl"))
    append(tmp_path / "own.jsonl", [row_of(1)])
    history = History()
    assert history.rows == (*seed(), row_of(1))
    assert len(history) == len(list(history)) == len(seed()) + 1
    assert history[-1] == row_of(1).to_plain()
    assert list(history[-1:]) == [row_of(1).to_plain()]
