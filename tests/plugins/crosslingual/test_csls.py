"""CSLS against its formula in plain loops."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_crosslingual.csls import csls


@pytest.mark.parametrize(("n", "m", "k"), [(7, 9, 3), (3, 12, 10), (1, 1, 10)])
def test_is_the_papers_formula(rng, n: int, m: int, k: int) -> None:
    """2 cos(x, y) - mean of x's k largest cosines - mean of y's k largest cosines."""
    S = rng.uniform(-1, 1, (n, m))
    expected = np.empty_like(S)
    for i in range(n):
        for j in range(m):
            r_x = np.mean(sorted(S[i], reverse=True)[:k])
            r_y = np.mean(sorted(S[:, j], reverse=True)[:k])
            expected[i, j] = 2 * S[i, j] - r_x - r_y
    np.testing.assert_allclose(csls(S, k), expected, atol=1e-12)


def test_a_hub_is_not_the_nearest_of_all() -> None:
    """The last column is near to every row, a little nearer than each row's own one."""
    S = np.full((6, 7), 0.1) + 0.8 * np.eye(6, 7)
    S[:, 6] = 0.91
    assert (S.argmax(axis=1) == 6).all()
    assert (csls(S, 2).argmax(axis=1) == np.arange(6)).all()


def test_of_nothing() -> None:
    assert csls(np.zeros((0, 4))).shape == (0, 4)
