"""Sketches of rows."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.sourcebook.sketch import MOST, sketch


def test_means_of_classes() -> None:
    """By NumPy, whatever the labels are called, in their sorted order."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 4)), np.array(["c", "a", "b"] * 20, dtype=object)
    found = sketch(X, y)
    for place, name in enumerate("abc"):
        np.testing.assert_allclose(found.means[place], X[y == name].mean(axis=0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(found.shares, 1 / 3)


def test_values_and_no_labels() -> None:
    """A quarter of the values each; without labels one mean."""
    X = np.arange(40.0)[:, None]
    np.testing.assert_allclose(sketch(X, np.arange(40.0)).means[:, 0], [4.5, 14.5, 24.5, 34.5])
    np.testing.assert_allclose(sketch(X, None).means, [[19.5]])


def test_many_classes_are_put_together() -> None:
    """50 classes around 16 places: 16 vectors, one at each place, with the places' shares of the rows."""
    rng = np.random.default_rng(0)
    places = rng.normal(size=(MOST, 8)) * 10
    at = np.arange(50) % MOST
    X = np.repeat(places[at] + 0.01 * rng.normal(size=(50, 8)), 3, axis=0)
    found = sketch(X, np.repeat(np.arange(50), 3))
    near = np.linalg.norm(found.means[:, None] - places, axis=2).argmin(axis=1)
    assert sorted(near) == list(range(MOST))
    np.testing.assert_allclose(found.shares, np.bincount(at)[near] / 50)


@pytest.mark.parametrize("y", [None, np.zeros(1, dtype=np.int64), np.zeros(1), np.array(["a"], dtype=object)])
def test_one_row(y: np.ndarray | None) -> None:
    found = sketch(np.ones((1, 3)), y)
    np.testing.assert_array_equal(found.means, np.ones((1, 3)))
    assert found.shares.sum() == 1.0


def test_constant_values() -> None:
    """All in one bin, and the shares still add up."""
    found = sketch(np.arange(10.0)[:, None], np.full(10, 2.0))
    assert found.means.shape == (1, 1)
    assert found.shares.tolist() == [1.0]
