"""Which implementation runs, for each setting, and what is said about it."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from autotransfer.errors import InputError
from autotransfer.kernels import backend, building
from autotransfer.kernels.backend import Mode, mode, prepare
from autotransfer.kernels.library import SCHEMAS


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing has been prepared, and the cache is empty."""
    monkeypatch.setattr(backend, "_prepared", {})
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path))
    monkeypatch.delenv("AUTOTRANSFER_KERNELS", raising=False)


def test_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """``auto`` unless said otherwise; a wrong word is an error that lists the right ones."""
    assert mode() is Mode.AUTO
    monkeypatch.setenv("AUTOTRANSFER_KERNELS", "require")
    assert mode() is Mode.REQUIRE
    monkeypatch.setenv("AUTOTRANSFER_KERNELS", "always")
    with pytest.raises(InputError, match="AUTOTRANSFER_KERNELS=always: it must be one of auto, off, require"):
        prepare("cpu")


def test_auto_starts_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a build the reference runs, in silence, and the reason says what to do."""
    monkeypatch.setattr(building, "build", lambda device: pytest.fail("a compiler was started"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert prepare("cpu") == "not built: run  autotransfer kernels build"
    assert prepare("mps") == "there are no kernels for mps"


def test_a_failed_build_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the compiler's words; the second time there is silence."""
    monkeypatch.setattr(building, "failure", lambda device: "error: expected ';'")
    with pytest.warns(RuntimeWarning, match="expected ';'") as caught:
        assert "the last build failed" in prepare("cpu")
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prepare("cpu")


def test_a_library_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Is said once, and the reference runs."""
    broken = tmp_path / "autotransfer_cpu.so"
    broken.write_bytes(b"not a library")
    monkeypatch.setattr(building, "cached", lambda device: broken)
    with pytest.warns(RuntimeWarning, match="cannot be loaded"):
        assert "cannot be loaded" in prepare("cpu")


def test_require_fails_where_nothing_can_be_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of running the reference in silence."""
    monkeypatch.setenv("AUTOTRANSFER_KERNELS", "require")
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(building.BuildError, match="one is not found"):
        prepare("cpu")


def test_describe_names_every_operator(compiled: Path) -> None:
    """Those with a kernel are compiled once the library is in the process; the others say that they have none."""
    rows = {row.op: row for row in backend.describe() if row.device == "cpu"}
    assert set(rows) == set(SCHEMAS)
    assert rows["mmd2"].backend == "compiled"
    assert rows["mmd2_curvature"].backend == "reference"


@pytest.mark.parametrize(("setting", "expected"), [("off", "reference"), ("auto", "compiled")])
def test_a_process_uses_what_the_setting_says(setting: str, expected: str, compiled: Path) -> None:
    """``off`` runs the reference beside a build; ``auto`` loads it, and both answer alike."""
    program = """
import torch
from autotransfer import kernels
x = torch.arange(12.0).reshape(6, 2)
print(kernels.mmd2(x, x + 1, [4.0, 8.0]).item(), {row.op: row.backend for row in kernels.describe()}["mmd2"])
"""
    environment = {**os.environ, "AUTOTRANSFER_KERNELS": setting, "AUTOTRANSFER_CACHE": str(compiled.parents[2])}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    value, used = done.stdout.split()
    assert used == expected
    assert float(value) == pytest.approx(-0.0286, abs=1)
