"""Recall on cases where it can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_multimodal.retrieval import ranks, recall_at

COUNTED = np.array([[0.9, 0.1, 0.2], [0.8, 0.5, 0.6], [0.3, 0.2, 0.4]])
"""Own columns: first, third, first."""


def test_ranks_that_are_counted() -> None:
    assert ranks(COUNTED).tolist() == [1, 3, 1]
    assert ranks(COUNTED.T).tolist() == [1, 1, 2]
    assert [recall_at(COUNTED, k) for k in (1, 2, 3)] == [pytest.approx(2 / 3), pytest.approx(2 / 3), 1.0]
    assert recall_at(COUNTED.T, 2) == 1.0


def test_perfect_and_hopeless() -> None:
    assert recall_at(np.eye(9), 1) == 1.0
    assert recall_at(-np.eye(9), 8) == 0.0
    assert recall_at(-np.eye(9), 9) == 1.0


def test_saying_the_same_of_everything_finds_nothing() -> None:
    assert recall_at(np.zeros((5, 5)), 4) == 0.0


def test_at_random_it_is_k_of_n() -> None:
    """E[recall@k] = k / n; 40,000 rows, so within four standard errors."""
    rng, n, k = np.random.default_rng(0), 20, 5
    found = np.mean([recall_at(rng.normal(size=(n, n)), k) for _ in range(2000)])
    assert abs(found - k / n) < 4 * np.sqrt(k / n * (1 - k / n) / 40_000)
