"""Known errors come from the file that the benchmark wrote, and from nowhere else."""

from __future__ import annotations

import json

import pytest
from autotransfer_validators import measured, validators
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


NEAR = 1.0
"""Points within which the order of two validators says little."""


@pytest.mark.parametrize("regression", [False, True])
def test_the_default_is_the_one_that_lost_least(regression):
    """In the figures that the benchmark wrote; nobody prefers a validator by hand."""
    able = [v for v in validators() if (v.regression if regression else v.classification)]
    regrets = {v.name: v.known_error(regression=regression).regret for v in able}
    assert regrets[able[0].name] <= min(regrets.values()) + NEAR


def test_the_figures_name_their_command():
    assert {v.known_error(regression=False).measured_by for v in validators()} == {"python -m benchmarks validators"}
