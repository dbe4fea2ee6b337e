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


def test_features_lack_the_arms_own_target(gains: np.ndarray) -> None:
    """Row by row against means taken by hand, for past and new arms."""
    target, past, new, gain = next(ucr.strict(gains, range(3, 4)))
    assert target == "3"
    assert not {"3"} & (set(past.arms.targets) | set(past.arms.keys[:, 0]))
    np.testing.assert_array_equal(gain, np.delete(gains[:, 3], 3))
    for arms in (past.arms, new):
        for row in range(len(arms)):
            source, own = int(arms.keys[row, 0]), int(arms.targets[row])
            others = [i for i in range(N) if i not in (3, source, own)]
            expected = [gains[source, others].mean(), (gains[source, others] < 0).mean()]
            expected += [gains[others, source].mean(), (gains[others, source] < 0).mean()]
            np.testing.assert_allclose(arms.features[row], expected, atol=1e-12)


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
