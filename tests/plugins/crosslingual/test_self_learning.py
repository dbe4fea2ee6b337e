"""Refinement of a rotation."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_crosslingual.embedding import unit
from autotransfer_crosslingual.self_learning import Rounds, induced, self_learned


@pytest.fixture
def turned(rng) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two languages of which one is the other turned; noise makes the rotation by few seeds a rough guess."""
    X = unit(rng.normal(size=(120, 10)) * np.linspace(2, 0.5, 10))
    Q = np.linalg.qr(rng.normal(size=(10, 10)))[0]
    return X, unit(X @ Q + rng.normal(0, 0.05, X.shape)), Q


@pytest.mark.parametrize("mutual", [True, False])
def test_few_seeds_become_a_whole_dictionary(turned, mutual: bool) -> None:
    X, Y, Q = turned
    seeds = np.column_stack([np.arange(12), np.arange(12)])
    first, _ = self_learned(X, Y, seeds, Rounds(0))
    W, pairs = self_learned(X, Y, seeds, Rounds(20, mutual))
    assert np.linalg.norm(W - Q) < 0.5 * np.linalg.norm(first - Q)
    assert (pairs[:, 0] == pairs[:, 1]).mean() > 0.95
    np.testing.assert_allclose(W @ W.T, np.eye(10), atol=1e-10)


def test_nearest_of_every_target_word_by_the_cosine(rng) -> None:
    S = rng.uniform(-1, 1, (6, 4))
    assert induced(S, mutual=False).tolist() == [[int(np.argmax(S[:, j])), j] for j in range(4)]


def test_mutual_pairs_name_each_word_once(rng) -> None:
    pairs = induced(rng.uniform(-1, 1, (9, 7)), mutual=True)
    assert all(len(set(side)) == len(side) for side in pairs.T)


def test_words_without_a_vector_are_in_no_pair() -> None:
    S = np.zeros((4, 4))
    assert len(induced(S, mutual=True)) == 0
    S[1, 2] = 0.5
    assert induced(S, mutual=True).tolist() == [[1, 2]]


def test_looks_at_the_clock(turned) -> None:
    calls: list[int] = []
    X, Y, _ = turned
    self_learned(X, Y, np.array([[0, 0]]), Rounds(2), lambda: calls.append(1))
    assert calls
