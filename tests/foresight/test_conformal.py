"""Hierarchical conformal intervals: their formula, and that they cover."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autotransfer.foresight.conformal import attainable, radius


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9])
def test_one_arm_a_target_is_split_conformal(level: float) -> None:
    """With K targets of one arm the radius is the ⌈(K + 1) level⌉-th smallest score."""
    scores = np.random.default_rng(0).exponential(size=19)
    expected = np.sort(scores)[math.ceil(20 * level - 1e-9) - 1]
    assert radius(scores, np.arange(19).astype(str), level) == expected


def test_targets_count_alike_however_many_arms_they_have() -> None:
    """Repeating the arms of one target changes nothing."""
    scores = np.array([1.0, 2.0, 3.0, 4.0, 10.0, 20.0])
    targets = np.array(["a", "a", "b", "b", "c", "c"])
    again = np.concatenate([scores, np.tile(scores[4:], 50)])
    for level in (0.3, 0.5, 0.7):
        assert radius(scores, targets, level) == radius(again, np.append(targets, ["c"] * 100), level)


def test_the_level_that_few_targets_can_give() -> None:
    assert attainable(84, 0.9) == 0.9
    assert attainable(6, 0.9) == pytest.approx(6 / 7)
    assert radius(np.array([1.0, 5.0, 2.0]), np.array(["a", "b", "c"]), attainable(3, 0.9)) == 5.0


def test_new_targets_are_covered() -> None:
    """Targets with errors of their own size: an arm of a new one is inside with probability 0.8 or more; 2,000 draws,
    standard error 0.9 %."""
    rng = np.random.default_rng(1)
    inside = []
    for _ in range(2000):
        sizes = rng.exponential(size=21)
        scores = np.abs(rng.normal(size=(20, 5)) * sizes[:20, None]).ravel()
        inside.append(abs(rng.normal() * sizes[20]) <= radius(scores, np.repeat(np.arange(20), 5).astype(str), 0.8))
    assert np.mean(inside) > 0.8 - 0.03
