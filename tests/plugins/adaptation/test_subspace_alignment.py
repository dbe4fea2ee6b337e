"""Subspace alignment against the formulas of the paper."""

from __future__ import annotations

import numpy as np
from autotransfer_adaptation.subspace_alignment import SubspaceAlignment, align_subspace
from sklearn.decomposition import PCA

from autotransfer.task import Context


def test_equals_the_formula_with_scikit_learns_axes(shift) -> None:
    """Source rows become S P_S P_S^T P_T; the fitted projection is P_T up to signs."""
    task, source, _ = shift()
    S, T = source.rows.X, task.unlabeled.X
    P_S, P_T = PCA(2).fit(S).components_.T, PCA(2).fit(T).components_.T
    expected = (S - S.mean(axis=0)) @ P_S @ P_S.T @ P_T
    np.testing.assert_allclose(align_subspace(S, P_S, P_T), expected, atol=1e-10)
    fitted = SubspaceAlignment(dims=2).fit(task, source, Context(seed=0))
    assert fitted.projection is not None
    np.testing.assert_allclose(np.abs(fitted.projection.T @ P_T), np.eye(2), atol=1e-6)
    np.testing.assert_allclose(fitted.center, T.mean(axis=0), atol=1e-9)


def test_signs_of_the_axes_cancel() -> None:
    """P_S enters as P_S P_S^T: flipping its columns changes nothing."""
    S = np.random.default_rng(0).normal(size=(30, 5))
    P = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 3)))[0]
    Q = np.linalg.qr(np.random.default_rng(2).normal(size=(5, 3)))[0]
    np.testing.assert_allclose(align_subspace(S, P, Q), align_subspace(S, P * [1, -1, -1], Q), atol=1e-12)


def test_all_dimensions_keep_distances() -> None:
    """With k = d the alignment is a rotation."""
    S = np.random.default_rng(3).normal(size=(30, 4))
    P, Q = (np.linalg.qr(np.random.default_rng(seed).normal(size=(4, 4)))[0] for seed in (4, 5))
    aligned = align_subspace(S, P, Q)
    np.testing.assert_allclose(np.linalg.norm(aligned, axis=1), np.linalg.norm(S - S.mean(axis=0), axis=1), atol=1e-10)


def test_undoes_a_rotation_by_axes(shift) -> None:
    """Axes exchanged in the source: the leading axis finds the leading axis."""
    swap = np.eye(4)[:, [0, 1, 3, 2]]
    task, source, test = shift(matrix=swap)
    fitted = SubspaceAlignment(dims=2).fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9


def test_more_dims_than_rank(shift) -> None:
    """Three target rows have rank 2 about their mean: k is cut to it."""
    task, source, test = shift(n_labeled=3, n_unlabeled=0)
    fitted = SubspaceAlignment(dims=50).fit(task, source, Context(seed=0))
    assert fitted.projection is not None
    assert fitted.projection.shape == (4, 2)
    assert np.isfinite(fitted.predict(test)).all()
