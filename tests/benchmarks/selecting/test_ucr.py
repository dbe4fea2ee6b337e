"""Strict folds hide the held-out target everywhere; careless ones do not, and are caught."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.harness import Arguments
from benchmarks.selecting import ucr

N = 8


@pytest.fixture
def gains() -> np.ndarray:
    """(8, 8): each target has a level of its own, which nothing else tells."""
    rng = np.random.default_rng(0)
    table = 5 * rng.normal(size=N) + rng.normal(size=(N, N))
    np.fill_diagonal(table, np.nan)
    return table


def test_records_are_of_other_targets(gains: np.ndarray) -> None:
    """Row by row against figures taken by hand: of 0 1 2 4 5 6 7, the first, third, ... tell the record, and arms on
    1, 4 and 6 are what is learned from; a source's record has no gain on itself."""
    target, past, new, gain = next(ucr.strict(gains, range(3, 4)))
    assert target == "3"
    assert set(past.arms.targets) == {"1", "4", "6"}
    assert "3" not in past.arms.keys[:, 0]
    np.testing.assert_array_equal(gain, np.delete(gains[:, 3], 3))
    for arms in (past.arms, new):
        for row in range(len(arms)):
            source = int(arms.keys[row, 0])
            record = gains[source, [i for i in (0, 2, 5, 7) if i != source]]
            np.testing.assert_allclose(arms.features[row], [record.mean(), (record < 0).mean(), record.std()])


def test_the_careless_fold_is_caught(gains: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hidden outcomes change its forecasts, and do not change strict ones by a bit."""
    monkeypatch.setattr(ucr, "read", lambda data: gains)
    result = ucr.measure(Arguments(Path()))
    rows = {row["selector"]: row for row in result.rows}
    assert rows["strict"]["leak"] == 0.0
    assert rows["careless"]["leak"] > 0.01
    assert rows["careless"]["AUROC"] > rows["strict"]["AUROC"]


def test_shuffling_keeps_the_outcomes(gains: np.ndarray) -> None:
    mixed = ucr._shuffle(gains)
    assert np.isnan(np.diag(mixed)).all()
    off = ~np.eye(N, dtype=bool)
    np.testing.assert_array_equal(np.sort(mixed[off]), np.sort(gains[off]))
    assert not np.array_equal(mixed[off], gains[off])
