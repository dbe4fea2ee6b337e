"""autotransfer kernels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autotransfer.kernels import backend, building, checking
from autotransfer.kernels.checking import Comparison
from autotransfer.kernels.timing import Timing


@pytest.fixture(autouse=True)
def _nothing_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend, "_prepared", {})


def test_info_names_every_operator_and_what_to_do(call) -> None:
    """Without a build: the reference, and the command that makes one."""
    result = call("kernels", "--json")
    assert result.code == 0
    facts = json.loads(result.out)
    assert facts["setting"] == "auto"
    assert {"mmd2", "mmd_permutations"} <= {row["op"] for row in facts["rows"]}
    text = call("kernels", "info").out
    assert "autotransfer kernels build" in " ".join(text.split())
    assert "AUTOTRANSFER_KERNELS=auto" in text


def test_a_wrong_setting_is_one_line(call, monkeypatch) -> None:
    """Exit code 2."""
    monkeypatch.setenv("AUTOTRANSFER_KERNELS", "sometimes")
    result = call("kernels")
    assert result.code == 2
    assert "must be one of auto, off, require" in result.err


def test_build_prints_the_library(call, monkeypatch) -> None:
    """And passes the options on. What cannot be built is exit code 2, with the compiler's words."""
    asked = []

    def build(device, *, afresh):
        asked.append((device, afresh))
        if device == "cuda":
            raise building.BuildError("the kernels for cuda were not built; error: no GPU")
        return Path("/cache/autotransfer_cpu.so")

    monkeypatch.setattr(building, "build", build)
    assert call("kernels", "build", "--afresh").out == "/cache/autotransfer_cpu.so\n"
    assert json.loads(call("kernels", "build", "--json").out) == {"library": "/cache/autotransfer_cpu.so"}
    failed = call("kernels", "build", "--device", "cuda")
    assert (failed.code, asked) == (2, [("cpu", True), ("cpu", False), ("cuda", False)])
    assert "no GPU" in failed.err


def test_check_fails_when_a_kernel_is_wrong(call, monkeypatch) -> None:
    """Exit code 0 or 2, with a row for each operator."""
    monkeypatch.setattr(building, "build", lambda device: Path())
    monkeypatch.setattr(backend, "use_build", lambda device: None)
    for difference, code, word in ((1e-6, 0, " agree with"), (1e-2, 2, "do NOT agree")):
        found = [Comparison("mmd2", "float32", difference, 1e-4)]
        monkeypatch.setattr(checking, "check", lambda device, found=found: found)
        result = call("kernels", "check")
        assert result.code == code
        assert word in result.out
        assert "mmd2" in result.out


def test_bench_shows_both_times(call, monkeypatch) -> None:
    """In milliseconds, with their ratio."""
    from autotransfer.kernels import timing

    monkeypatch.setattr(building, "build", lambda device: Path())
    monkeypatch.setattr(backend, "use_build", lambda device: None)
    monkeypatch.setattr(timing, "against_reference", lambda device, n, d: [Timing("mmd2", 0.002, 0.01)])
    assert json.loads(call("kernels", "bench", "--json").out)["rows"] == [
        {"op": "mmd2", "compiled (ms)": "2.0", "reference (ms)": "10.0", "times": "5.0"}
    ]
