"""Known errors come from the file that the benchmark wrote, and from nowhere else."""

from __future__ import annotations

import json

import pytest
from autotransfer_validators import measured
from autotransfer_validators.entropy import Entropy

from autotransfer.trial import KnownError


@pytest.fixture
def file(tmp_path, monkeypatch):
    path = tmp_path / "known.json"
    monkeypatch.setattr(measured, "FILE", path)
    measured.figures.cache_clear()
    yield path
    measured.figures.cache_clear()


def test_a_row_of_the_file_is_a_known_error(file):
    row = {
        "problems": 3,
        "regret": 1.5,
        "source_only": 2.5,
        "below_source_only": 0.0,
        "correlation": 0.5,
        "error": None,
    }
    file.write_text(json.dumps({"measured_by": "this test", "classes": {"entropy": row}, "values": {}}))
    assert Entropy().known_error(regression=False) == KnownError(3, "this test", 1.5, 2.5, 0.0, 0.5)
    assert Entropy().known_error(regression=True) is None


def test_without_a_file_nothing_is_known(file):
    assert Entropy().known_error(regression=False) is None
