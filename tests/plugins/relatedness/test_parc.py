"""PARC."""

from __future__ import annotations

import math

import numpy as np
import pytest
from autotransfer_relatedness.parc import PairwiseAnnotationCorrelation

from autotransfer.task import Context


def pearson(a: np.ndarray, b: np.ndarray) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float(a @ b / math.sqrt((a @ a) * (b @ b)))


def ranks(values: list[float]) -> np.ndarray:
    """Mean rank of equal values, by counting."""
    v = np.round(np.array(values), 12)
    return np.array([np.sum(v < x) + 0.5 * (np.sum(v == x) + 1) for x in v])


@pytest.mark.parametrize(("n", "d"), [(40, 5), (25, 60)], ids=["tall", "wide"])
def test_equals_the_definition(n: int, d: int, encoded, blobs) -> None:
    """32 principal components from an SVD, standardised; correlation distances pair by pair; ranks by counting; to
    1e-6."""
    X, y = blobs(n, 0.7, d=d)
    centered = X - X.mean(axis=0)
    U, s, V = np.linalg.svd(centered, full_matrices=False)
    signs = np.array([np.sign(row[np.abs(row).argmax()]) for row in V])
    F = (U * s * signs)[:, : min(32, (s > 1e-9 * s[0]).sum())]
    F = F / F.std(axis=0)
    Y = np.eye(3)[y]
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    features = [1 - pearson(F[i], F[j]) for i, j in pairs]
    labels = [1 - pearson(Y[i], Y[j]) for i, j in pairs]
    expected = pearson(ranks(features), ranks(labels))
    found = PairwiseAnnotationCorrelation().estimate(*encoded(X, y, 3), Context())
    assert found == pytest.approx(expected, abs=1e-6)


def test_labels_drawn_by_lot_have_no_correlation(encoded) -> None:
    """Mean over draws about 0, and both signs occur."""
    rng = np.random.default_rng(0)
    values = [
        PairwiseAnnotationCorrelation().estimate(*encoded(rng.normal(size=(60, 8)), np.arange(60) % 3, 3), Context())
        for _ in range(20)
    ]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 0.05
