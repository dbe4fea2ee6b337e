"""One discrepancy by two programs, and the scale of its kernels."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from autotransfer_relatedness import mixed_kernel
from scipy.spatial.distance import cdist, pdist


def test_equals_the_definition_with_pytorch_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Means over pairs of different rows, five exponentials written out."""
    import torch  # noqa: F401 - so that the operator is chosen

    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(700, 3)), rng.normal(0.3, 1.0, size=(30, 3))

    def kernel(A: np.ndarray, B: np.ndarray) -> np.ndarray:
        return np.mean([np.exp(-cdist(A, B, "sqeuclidean") / (b * 2.5)) for b in (0.25, 0.5, 1, 2, 4)], axis=0)

    within = [(kernel(A, A).sum() - len(A)) / (len(A) * (len(A) - 1)) for A in (S, T)]
    expected = sum(within) - 2 * kernel(S, T).mean()
    assert mixed_kernel.mixed_mmd2(S, T, 2.5) == pytest.approx(expected, rel=1e-9)
    monkeypatch.delitem(sys.modules, "torch")
    assert mixed_kernel.mixed_mmd2(S, T, 2.5) == pytest.approx(expected, rel=1e-9)


def test_the_median_is_that_of_all_pairs() -> None:
    """Of 40 rows all are taken."""
    X = np.random.default_rng(0).normal(size=(40, 3))
    found = mixed_kernel.median_squared_distance(X, np.random.default_rng(1))
    assert found == pytest.approx(np.median(pdist(X, "sqeuclidean")))
