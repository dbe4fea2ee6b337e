"""Distances to class centres against centres that are computed anew for every row."""

from __future__ import annotations

import numpy as np
from autotransfer_zeroshot.distances import class_distances


def test_the_own_centre_is_taken_without_the_row(rng) -> None:
    """‖z - μ_c‖² with μ_c the mean of all other rows of c."""
    Z, y = rng.normal(size=(30, 4)), np.repeat([1, 3, 7], 10)
    centres, squares = class_distances(Z, y)
    for i, z in enumerate(Z):
        for place, label in enumerate((1, 3, 7)):
            others = (y == label) & (np.arange(len(y)) != i)
            np.testing.assert_allclose(squares[i, place], np.sum((z - Z[others].mean(axis=0)) ** 2))
    np.testing.assert_allclose(centres, [Z[y == label].mean(axis=0) for label in (1, 3, 7)])


def test_a_row_alone_in_its_class_is_at_its_centre(rng) -> None:
    _, squares = class_distances(rng.normal(size=(3, 2)), np.array([0, 1, 2]))
    np.testing.assert_allclose(np.diag(squares), 0.0, atol=1e-12)
