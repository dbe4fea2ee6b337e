"""TransRate."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.transrate import TransRate

from autotransfer.task import Context


def rate(Z: np.ndarray) -> float:
    """log det(I + Z^T Z / (n e)) / 2 by eigenvalues, e = 1e-4."""
    return 0.5 * float(np.log1p(np.linalg.eigvalsh(Z.T @ Z).clip(0) / (len(Z) * 1e-4)).sum())


@pytest.mark.parametrize(("n", "d"), [(60, 5), (20, 30)], ids=["tall", "wide"])
def test_equals_the_definition(n: int, d: int, encoded, blobs) -> None:
    """R(Z) - sum_c (n_c / n) R(Z_c), classes of unequal size, to 1e-6."""
    X, y = blobs(n, 1.0, d=d)
    y = np.where(np.arange(n) % 2, 0, y)
    Z = X - X.mean(axis=0)
    Z = Z / np.sqrt(np.mean(Z**2))
    expected = rate(Z) - sum(np.mean(y == c) * rate(Z[y == c]) for c in range(3))
    assert TransRate().estimate(*encoded(X, y, 3), Context()) == pytest.approx(expected, abs=1e-6)


def test_equal_class_distributions_gain_nothing(encoded) -> None:
    """Each class holds the same rows: R(Z_c) = R(Z), so the difference is 0."""
    X = np.repeat(np.random.default_rng(1).normal(size=(30, 4)), 2, axis=0)
    assert TransRate().estimate(*encoded(X, np.arange(60) % 2, 2), Context()) == pytest.approx(0.0, abs=1e-9)
