"""Shrunk H-score."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.h_score import ShrunkHScore

from autotransfer.task import Context


def shrinkage_of(X: np.ndarray) -> float:
    """Ledoit and Wolf (2004), lemmas 3.2 to 3.4: b^2 / d^2 with m = tr(S) / p, d^2 = |S - m I|^2 / p and
    b^2 = min(d^2, sum_k |x_k x_k^T - S|^2 / (p n^2))."""
    X = X - X.mean(axis=0)
    n, p = X.shape
    S = X.T @ X / n
    d2 = np.sum((S - np.trace(S) / p * np.eye(p)) ** 2) / p
    b2 = sum(np.sum((np.outer(x, x) - S) ** 2) for x in X) / (p * n**2)
    return min(b2, d2) / d2


@pytest.mark.parametrize(("n", "d"), [(60, 5), (24, 40)], ids=["tall", "wide"])
def test_equals_the_definition(n: int, d: int, encoded, blobs) -> None:
    """(1 - a) tr(C_a^-1 cov(E[f | y])), every matrix written out, to 1e-6."""
    X, y = blobs(n, 1.0, d=d)
    a = shrinkage_of(X)
    C = np.cov(X, rowvar=False, bias=True)
    shrunk = (1 - a) * C + a * np.trace(C) / d * np.eye(d)
    G = np.stack([X[y == label].mean(axis=0) for label in y])
    expected = (1 - a) * np.trace(np.linalg.inv(shrunk) @ np.cov(G, rowvar=False, bias=True))
    assert ShrunkHScore().estimate(*encoded(X, y, 3), Context()) == pytest.approx(expected, abs=1e-6)


def test_many_rows_far_apart_reach_the_limit(encoded, blobs) -> None:
    """Without within-class spread tr(cov(f)^-1 cov(E[f | y])) is C - 1, the rank of the class means."""
    assert ShrunkHScore().estimate(*encoded(*blobs(2000, 60.0, d=4), 3), Context()) == pytest.approx(2.0, abs=0.05)


def test_more_columns_than_rows_do_not_look_perfect(encoded) -> None:
    """Noise labels in 200 columns: without shrinkage C - 1 = 1, with it far less."""
    rng = np.random.default_rng(0)
    assert ShrunkHScore().estimate(*encoded(rng.normal(size=(40, 200)), np.arange(40) % 2, 2), Context()) < 0.5


def test_white_features_are_shrunk_to_nothing(encoded) -> None:
    """A weakness of the formula, kept: cov(f) = I to within its error makes a = 1, though column 0 gives the label."""
    X = np.random.default_rng(0).normal(size=(200, 6))
    assert ShrunkHScore().estimate(*encoded(X, (X[:, 0] > 0).astype(int), 2), Context()) < 0.1
