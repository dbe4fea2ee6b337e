"""Leading singular vectors against numpy's."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_crosslingual import factors
from scipy import sparse


@pytest.mark.parametrize("small", [True, False])
def test_are_numpys_up_to_sign(rng, monkeypatch: pytest.MonkeyPatch, small: bool) -> None:
    M = rng.normal(size=(40, 5)) @ np.diag([9.0, 5.0, 3.0, 1.0, 0.1]) @ rng.normal(size=(5, 60))
    monkeypatch.setattr(factors, "_SMALL", 400 if small else 0)
    U, s, Vt = factors.leading_factors(sparse.csr_matrix(M), 3)
    expected = np.linalg.svd(M)
    np.testing.assert_allclose(s, expected[1][:3], rtol=1e-6)
    np.testing.assert_allclose(np.abs(np.sum(U * expected[0][:, :3], axis=0)), 1, rtol=1e-6)
    np.testing.assert_allclose(np.abs(np.sum(Vt * expected[2][:3], axis=1)), 1, rtol=1e-6)


@pytest.mark.parametrize("shape", [(0, 0), (0, 4), (3, 4)])
def test_of_nothing_are_zeros(shape: tuple[int, int]) -> None:
    U, s, Vt = factors.leading_factors(sparse.csr_matrix(shape), 2)
    assert (U.shape, s.tolist(), Vt.shape) == ((shape[0], 1), [0.0], (1, shape[1]))
