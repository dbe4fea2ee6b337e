"""Learning is timed on as many arms as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.harness import Arguments
from benchmarks.selecting import learning_time


def test_learning_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_time, "_TARGETS", 12)
    monkeypatch.setattr(learning_time, "_ARMS", 10)
    part = learning_time.measure(Arguments(Path()))
    assert part.rows[0]["arms"] == 120
    assert part.bars[0].value == part.rows[0]["seconds"] > 0
