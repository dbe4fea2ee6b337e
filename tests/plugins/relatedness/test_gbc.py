"""Gaussian Bhattacharyya coefficient."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.gbc import GaussianBhattacharyya
from scipy.integrate import quad
from scipy.stats import norm

from autotransfer.task import Context


def test_equals_the_definition(encoded, blobs) -> None:
    """-sum over ordered pairs of exp(-D_B) with full covariances v_c I and numpy determinants."""
    X, y = blobs(90, 0.8, d=5)
    means = [X[y == c].mean(axis=0) for c in range(3)]
    covariances = [X[y == c].var(axis=0).mean() * np.eye(5) for c in range(3)]
    total = 0.0
    for a in range(3):
        for b in range(3):
            if a != b:
                S, m = (covariances[a] + covariances[b]) / 2, means[a] - means[b]
                determinants = np.linalg.det(S) / np.sqrt(np.linalg.det(covariances[a]) * np.linalg.det(covariances[b]))
                total -= np.exp(-m @ np.linalg.inv(S) @ m / 8 - 0.5 * np.log(determinants))
    assert GaussianBhattacharyya().estimate(*encoded(X, y, 3), Context()) == pytest.approx(total, abs=1e-9)


def test_two_classes_equal_the_integral(encoded) -> None:
    """D_B = -log int sqrt(p q): the overlap of the two fitted normal densities of one column, by quadrature."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 1)), np.arange(200) % 2
    X[y == 1] = 2.0 * X[y == 1] + 1.5
    p, q = (norm(X[y == c].mean(), X[y == c].std()) for c in (0, 1))
    overlap = quad(lambda x: np.sqrt(p.pdf(x) * q.pdf(x)), -40, 40, limit=400)[0]
    found = GaussianBhattacharyya().estimate(*encoded(X, y, 2), Context())
    assert found == pytest.approx(-2.0 * overlap, abs=1e-6)


def test_no_difference_is_the_least_value(encoded) -> None:
    """Equal rows under each label overlap entirely: -C (C - 1)."""
    X = np.repeat(np.random.default_rng(1).normal(size=(30, 4)), 3, axis=0)
    assert GaussianBhattacharyya().estimate(*encoded(X, np.arange(90) % 3, 3), Context()) == pytest.approx(-6.0)
