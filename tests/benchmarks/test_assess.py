"""The benchmark of estimators, on a few rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from autotransfer.plugins import load_catalogue
from benchmarks import assess
from benchmarks.harness import Arguments


def test_every_estimator_has_its_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row for each estimator and one for the whole; none is timed for a kind of label that it does not take."""
    monkeypatch.setattr(assess, "_ROWS", 60)
    monkeypatch.setattr(assess, "_WIDTH", 30)
    result = assess.run(Arguments(Path()))
    rows = {row["estimator"]: row for row in result.rows}
    estimators = load_catalogue().estimators
    assert list(rows) == [*estimators, "(assess)"]
    for name, estimator in estimators.items():
        assert ("classes, cpu s" in rows[name]) == estimator.classification
        assert ("values, cpu s" in rows[name]) == estimator.regression
        assert rows[name]["declared s"] > 0
    for bar in result.bars:
        assert bar.value is not None
        assert bar.value > 0
        assert bar.target == "<= 10"
    total = sum(row.get("values, cpu s", 0.0) for name, row in rows.items() if name in estimators)
    assert result.bars[2].value == pytest.approx(total)
