"""autotransfer doctor."""

from __future__ import annotations

import json
import platform
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest

from autotransfer.cli import doctor


@pytest.fixture(autouse=True)
def _no_torch(monkeypatch):
    """Importing the real one takes seconds."""
    nothing = SimpleNamespace(is_available=lambda: False)
    cuda = SimpleNamespace(device_count=lambda: 2, get_device_name=lambda index: f"GPU {index}")
    torch = SimpleNamespace(cuda=cuda, backends=SimpleNamespace(mps=nothing), get_num_threads=lambda: 3)
    monkeypatch.setitem(sys.modules, "torch", torch)


def test_json_has_every_part(call):
    result = call("doctor", "--json")
    assert result.code == 0
    facts = json.loads(result.out)
    assert set(facts) == {"machine", "packages", "devices", "compilers", "cache", "plugins"}
    assert facts["machine"]["python"] == platform.python_version()
    assert facts["packages"]["numpy"] == metadata.version("numpy")
    assert facts["devices"] == {"cpu": True, "cuda": ["GPU 0", "GPU 1"], "mps": False, "torch_threads": 3}
    assert "adaptation" in facts["plugins"]["working"]


def test_text_names_broken_plugins_and_still_exits_with_0(call, monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_PLUGINS", "missing-one")
    result = call("doctor")
    assert result.code == 0
    assert "plugin missing-one" in result.out
    assert "GPU 0, GPU 1" in result.out


def test_torch_that_cannot_be_imported_is_told(call, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "cannot be imported" in json.loads(call("doctor", "--json").out)["devices"]["torch"]


def test_cache_size_counts_every_file(monkeypatch, tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "x").write_bytes(b"1" * 1000)
    (tmp_path / "a" / "b" / "y").write_bytes(b"1" * 234)
    assert doctor._size(tmp_path) == 1234
    monkeypatch.setenv("AUTOTRANSFER_CACHE", str(tmp_path))
    assert doctor.examine()["cache"] == {"folder": str(tmp_path), "size_mib": 0.0}


def test_requirement_lines_are_cut_to_names():
    assert [doctor._bare(line) for line in ("a-b>=1; x", "torch<2", "ray[x]", "plain")] == [
        "a-b",
        "torch",
        "ray",
        "plain",
    ]
