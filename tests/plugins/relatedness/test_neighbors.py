"""Nearest rows."""

from __future__ import annotations

import numpy as np
from autotransfer_relatedness.neighbors import nearest
from scipy.spatial.distance import cdist


def test_equals_sorting_all_distances() -> None:
    """The k smallest distances of each query, with and without the query itself."""
    rng = np.random.default_rng(0)
    rows, queries = rng.normal(size=(40, 3)), rng.normal(size=(7, 3))
    expected = np.argsort(cdist(queries, rows), axis=1)[:, :4]
    assert np.array_equal(np.sort(nearest(queries, rows, 4)), np.sort(expected))
    expected = np.argsort(cdist(rows, rows), axis=1)[:, 1:5]
    assert np.array_equal(np.sort(nearest(rows, rows, 4, themselves=False)), np.sort(expected))


def test_a_row_is_not_its_own_neighbour_even_among_equals() -> None:
    """Equal rows: the others, never itself."""
    found = nearest(np.zeros((5, 2)), np.zeros((5, 2)), 4, themselves=False)
    assert all(row not in neighbours for row, neighbours in enumerate(found.tolist()))
