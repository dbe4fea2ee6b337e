"""DJP-MMD against its n x n matrices."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.djp_mmd import DjpMmd, joint_coefficients, joint_discrepancies

from autotransfer.task import Context


def test_discrepancies_equal_the_dense_matrices() -> None:
    """R_same = [N_S; -N_T][...]^T; R_other sums (n_c, -n_k)(...)^T over c != k; both over their Frobenius norm."""
    rng = np.random.default_rng(0)
    ys, yt, F = rng.integers(0, 3, 12), rng.integers(-1, 3, 9), rng.normal(size=(21, 4))
    there, here = joint_coefficients(ys, 3), joint_coefficients(yt, 3)
    np.testing.assert_allclose(there.sum(axis=0), np.bincount(ys, minlength=3) / 12)
    same = np.concatenate([there, -here])
    pairs = [np.concatenate([there[:, c], -here[:, k]]) for c in range(3) for k in range(3) if c != k]
    for found, L in zip(joint_discrepancies(F, there, here), (same, np.transpose(pairs)), strict=True):
        R = L @ L.T
        np.testing.assert_allclose(found, F.T @ R @ F / np.linalg.norm(R), atol=1e-12)


def test_no_known_label_leaves_the_source_alone() -> None:
    """Before the first labels the target's vectors are zero; nothing is divided by zero."""
    here = joint_coefficients(np.full(5, -1), 2)
    assert not here.any()
    F = np.random.default_rng(1).normal(size=(9, 3))
    assert all(np.isfinite(D).all() for D in joint_discrepancies(F, joint_coefficients(np.arange(4) % 2, 2), here))
    assert all(not D.any() for D in joint_discrepancies(F, np.zeros((4, 2)), here))


def test_finds_the_classes_of_a_moved_source(shift) -> None:
    """Most rows of the target get their class."""
    task, source, test = shift(matrix=np.eye(4))
    fitted = DjpMmd(unit_rows=False, penalty=0.1, dims=3).fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9
