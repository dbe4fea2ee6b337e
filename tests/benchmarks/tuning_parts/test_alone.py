from __future__ import annotations

import os

import numpy as np
import pytest

from benchmarks.tuning_parts.alone import alone


def test_work_runs_elsewhere_and_its_memory_is_measured() -> None:
    """A hundred MiB that are written to."""

    def work() -> dict[str, int]:
        return {"sum": int(np.ones(100 * 2**20, np.uint8).sum()), "process": os.getpid()}

    found = alone(work)
    assert found["sum"] == 100 * 2**20
    assert found["process"] != os.getpid()
    assert 95 < found["peak_mib"] < 1000
    assert found["cpu_seconds"] > 0


def test_a_failure_is_no_silence(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> dict[str, int]:
        raise ValueError("no such thing")

    with pytest.raises(RuntimeError, match="the work failed"):
        alone(work)
    assert "no such thing" in capfd.readouterr().err
