"""Windows and mutual information, each against its formula in plain loops."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from autotransfer_crosslingual.cooccurrence import cooccurrences, positive_pmi
from scipy import sparse


def by_loops(places: np.ndarray, owners: np.ndarray, size: int, window: int) -> np.ndarray:
    found = np.zeros((size, size))
    for i, a in enumerate(places):
        for j, b in enumerate(places):
            distance = abs(i - j)
            if 0 < distance <= window and owners[i] == owners[j] and a >= 0 and b >= 0:
                found[a, b] += (window - distance + 1) / window
    return found


@pytest.mark.parametrize("window", [1, 3, 50])
def test_counts_are_those_of_all_pairs(rng, window: int) -> None:
    places, owners = rng.integers(-1, 6, 40), np.sort(rng.integers(0, 5, 40))
    expected = by_loops(places, owners, 6, window)
    np.testing.assert_allclose(cooccurrences(places, owners, 6, window).toarray(), expected)


def test_no_words_give_no_counts() -> None:
    nothing = np.empty(0, np.int64)
    assert cooccurrences(nothing, nothing, 3, 5).nnz == 0
    assert positive_pmi(cooccurrences(nothing, nothing, 3, 5)).shape == (3, 3)


@pytest.mark.parametrize("smoothing", [0.75, 1.0])
def test_positive_pmi(rng, smoothing: float) -> None:
    """max(0, log p(w, c) / (p(w) p(c)^α / Σ p^α)), entry by entry."""
    counts = rng.poisson(1.0, (7, 5)).astype(float)
    total, contexts = counts.sum(), counts.sum(axis=0) ** smoothing
    expected = np.zeros_like(counts)
    for w, c in zip(*np.nonzero(counts), strict=True):
        ratio = counts[w, c] / total / (counts[w].sum() / total * contexts[c] / contexts.sum())
        expected[w, c] = max(0.0, log(ratio))
    found = positive_pmi(sparse.csr_matrix(counts), smoothing)
    np.testing.assert_allclose(found.toarray(), expected, atol=1e-12)


def test_scaling_all_counts_changes_nothing(rng) -> None:
    """PMI knows shares alone."""
    counts = sparse.csr_matrix(rng.poisson(1.0, (6, 6)).astype(float))
    np.testing.assert_allclose(positive_pmi(counts).toarray(), positive_pmi(counts * 1000.0).toarray(), atol=1e-9)
