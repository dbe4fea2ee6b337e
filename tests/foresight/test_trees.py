"""Boosted trees."""

from __future__ import annotations

import numpy as np

from autotransfer.foresight.trees import enough, fit_trees, values


def test_interactions_are_learned_with_gaps_and_without_chance() -> None:
    """y = x₀ x₁ has no linear part; twice the same answer; classes give log odds of the right sign."""
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(600, 3))
    y = np.sign(columns[:, 0]) * np.sign(columns[:, 1])
    columns[rng.random(600) < 0.2, 2] = np.nan
    first, second = (values(fit_trees(columns, y), columns) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert np.corrcoef(first, y)[0, 1] > 0.9
    odds = values(fit_trees(columns, (y > 0).astype(float), classes=True), columns)
    assert np.mean((odds > 0) == (y > 0)) > 0.95


def test_few_targets_are_not_enough() -> None:
    assert not enough(np.repeat(np.arange(14), 100).astype(str))
    assert enough(np.arange(15).astype(str))


def test_what_nobody_knows_is_left_aside() -> None:
    """A feature without a single value changes nothing, whatever new arms have there."""
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(200, 2))
    outcome = columns[:, 0]
    gap = np.column_stack([columns, np.full(200, np.nan)])
    alone, beside = fit_trees(columns, outcome), fit_trees(gap, outcome)
    np.testing.assert_allclose(values(beside, np.column_stack([columns, columns[:, 0]])), values(alone, columns))
