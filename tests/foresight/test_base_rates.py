"""Base rates against the formula written as loops."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.foresight.base_rates import fit_rates


def by_hand(keys: np.ndarray, targets: np.ndarray, outcome: np.ndarray, row: np.ndarray) -> list[float]:
    """rate = (sum over K targets of their mean + 1 · rate above) / (K + 1), from the mean of target means down."""
    rate = float(np.mean([outcome[targets == t].mean() for t in np.unique(targets)])) if len(targets) else 0.0
    found = []
    for level in range(keys.shape[1]):
        same = keys[:, level] == row[level]
        means = [outcome[same & (targets == t)].mean() for t in np.unique(targets[same])]
        rate = (sum(means) + rate) / (len(means) + 1)
        found.append(rate)
    return found


@pytest.fixture
def table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    keys = np.array([[f"kind {i % 2}", f"arm {i}"] for i in rng.integers(0, 5, 60)], dtype=object)
    targets = np.array([f"t{i}" for i in rng.integers(0, 6, 60)], dtype=object)
    return keys, targets, rng.normal(size=60)


def test_new_arms(table: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Those with known keys, with a known kind alone, and with none: each falls back on the level above."""
    keys, targets, outcome = table
    new = np.array([["kind 0", "arm 0"], ["kind 1", "never seen"], ["never seen", "never seen either"]], dtype=object)
    rates, _ = fit_rates(keys, targets, outcome)
    np.testing.assert_allclose(rates.of(new), [by_hand(keys, targets, outcome, row) for row in new], atol=1e-12)
    everything = np.mean([outcome[targets == t].mean() for t in np.unique(targets)])
    np.testing.assert_allclose(rates.of(new)[2], everything)
    assert rates.seen(new).tolist() == [len(np.unique(targets[keys[:, 1] == "arm 0"])), 0, 0]


def test_past_arms_are_told_without_their_own_target(table: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Row by row equal to rates fitted on the other targets."""
    keys, targets, outcome = table
    _, own = fit_rates(keys, targets, outcome)
    for row in range(len(outcome)):
        others = targets != targets[row]
        expected = by_hand(keys[others], targets[others], outcome[others], keys[row])
        np.testing.assert_allclose(own[row], expected, atol=1e-12)


def test_a_targets_own_outcomes_do_not_reach_it(table: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """Not by a bit: any change of them leaves its rates as they are."""
    keys, targets, outcome = table
    mine = targets == "t3"
    changed = np.where(mine, 1e6, outcome)
    before, after = fit_rates(keys, targets, outcome)[1], fit_rates(keys, targets, changed)[1]
    np.testing.assert_allclose(before[mine], after[mine], atol=1e-8)
    assert not np.allclose(before[~mine], after[~mine])
