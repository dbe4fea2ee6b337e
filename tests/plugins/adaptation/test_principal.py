"""Principal directions, exact and randomised, against a full singular value decomposition."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.principal import principal_directions


@pytest.mark.parametrize("shape", [(60, 8), (12, 40), (900, 600)], ids=["tall", "wide", "randomised"])
def test_spans_the_leading_subspace(shape: tuple[int, int]) -> None:
    """P P^T equals that of the full decomposition; three strong directions in noise."""
    rng = np.random.default_rng(0)
    n, d = shape
    X = (rng.normal(size=(n, 3)) * [30, 20, 10]) @ np.linalg.qr(rng.normal(size=(d, 3)))[0].T
    X = X + 0.01 * rng.normal(size=shape) + 5.0
    P = principal_directions(X, 3, seed=0)
    Q = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2][:3].T
    np.testing.assert_allclose(P @ P.T, Q @ Q.T, atol=1e-4)


def test_rank_bounds_the_number_of_directions() -> None:
    """Four rows about their mean have rank 3; constant rows rank 0."""
    X = np.random.default_rng(1).normal(size=(4, 10))
    assert principal_directions(X, 8, seed=0).shape == (10, 3)
    assert principal_directions(np.ones((5, 3)), 2, seed=0).shape == (3, 0)
