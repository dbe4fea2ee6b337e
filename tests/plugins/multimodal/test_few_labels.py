"""Labelled rows on top of text embeddings: the optimum, and both ends of the penalty."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_multimodal.few_labels import anchored

FACTOR = 5.0


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit rows around three directions, their zero-shot scores for four classes, and labels; the last has no row."""
    rng = np.random.default_rng(0)
    W, y = np.eye(4, 6), np.arange(60) % 3
    z = W[y] + 0.6 * rng.normal(size=(60, 6))
    z /= np.linalg.norm(z, axis=1, keepdims=True)
    return z, FACTOR * z @ np.roll(W, 1, axis=0).T, y


def slope(
    V: np.ndarray, rows: tuple[np.ndarray, np.ndarray, np.ndarray], anchor: float, present: list[int]
) -> np.ndarray:
    """∂/∂V of Σ cross-entropy(fixed + factor z Vᵀ) + ½ anchor ‖V‖², among the classes with rows."""
    z, fixed, y = rows
    scores = (fixed + FACTOR * z @ V.T)[:, present]
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), np.searchsorted(present, y)] -= 1
    return FACTOR * p.T @ z + anchor * V[present]


@pytest.mark.parametrize("anchor", [0.1, 1.0, 30.0])
def test_the_slope_is_zero_at_the_optimum(rows, anchor: float) -> None:
    V = anchored(*rows, FACTOR, anchor)
    assert np.abs(slope(V, rows, anchor, [0, 1, 2])).max() < 2e-3
    assert not V[3].any()


def test_two_classes_share_one_direction(rows) -> None:
    """Only the difference counts, and it is halved between them: the slope along it is zero for the penalty
    ½ anchor ‖V₁ - V₀‖²."""
    z, fixed, y = rows
    kept = y < 2
    few = z[kept], fixed[kept], y[kept]
    V = anchored(*few, FACTOR, 1.0)
    np.testing.assert_allclose(V[0], -V[1])
    difference = slope(V, few, 0.0, [0, 1])[1] + 1.0 * (V[1] - V[0])
    assert np.abs(difference).max() < 2e-3


def test_far_towards_the_anchor_it_is_the_zero_shot_classifier(rows) -> None:
    z, fixed, y = rows
    assert np.abs(anchored(z, fixed, y, FACTOR, 1e9)).max() < 1e-6
    loose = fixed + FACTOR * z @ anchored(z, fixed, y, FACTOR, 1e-2).T
    assert np.mean(loose[:, :3].argmax(axis=1) == y) > np.mean(fixed[:, :3].argmax(axis=1) == y) + 0.3


def test_one_class_alone_teaches_nothing(rows) -> None:
    z, fixed, _ = rows
    assert not anchored(z, fixed, np.full(len(z), 2), FACTOR, 1.0).any()
