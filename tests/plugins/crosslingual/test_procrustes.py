"""The rotation against scipy's and against its own objective."""

from __future__ import annotations

import numpy as np
from autotransfer_crosslingual.procrustes import rotation
from scipy.linalg import orthogonal_procrustes


def test_is_scipys(rng) -> None:
    X, Y = rng.normal(size=(30, 5)), rng.normal(size=(30, 5))
    np.testing.assert_allclose(rotation(X, Y), orthogonal_procrustes(X, Y)[0], atol=1e-12)


def test_no_other_rotation_is_nearer(rng) -> None:
    X, Y = rng.normal(size=(12, 4)), rng.normal(size=(12, 4))
    best = np.linalg.norm(X @ rotation(X, Y) - Y)
    others = (np.linalg.qr(rng.normal(size=(4, 4)))[0] for _ in range(200))
    assert all(np.linalg.norm(X @ other - Y) >= best for other in others)


def test_finds_the_rotation_that_was_made(rng) -> None:
    X, Q = rng.normal(size=(9, 4)), np.linalg.qr(rng.normal(size=(4, 4)))[0]
    np.testing.assert_allclose(rotation(X, X @ Q), Q, atol=1e-12)


def test_nothing_known_is_still_orthogonal() -> None:
    W = rotation(np.zeros((2, 3)), np.zeros((2, 3)))
    np.testing.assert_allclose(W @ W.T, np.eye(3), atol=1e-12)
