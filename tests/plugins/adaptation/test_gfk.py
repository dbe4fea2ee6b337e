"""The geodesic flow kernel against its integral."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_adaptation.gfk import Gfk, geodesic_root
from autotransfer_adaptation.principal import principal_directions

from autotransfer.learners import Neighbors
from autotransfer.task import Context


@pytest.mark.parametrize("kind", ["apart", "equal", "one shared", "orthogonal"])
def test_root_times_root_is_the_integral(kind: str) -> None:
    """G = int_0^1 Phi(t) Phi(t)^T dt by Gauss-Legendre on the geodesic Phi(t), built from principal vectors."""
    rng = np.random.default_rng(0)
    Q = np.linalg.qr(rng.normal(size=(8, 8)))[0]
    P, R = Q[:, :2], np.linalg.qr(rng.normal(size=(8, 2)))[0]
    R = {"apart": R, "equal": P, "one shared": Q[:, [0, 2]], "orthogonal": Q[:, 2:4]}[kind]
    U, cosines, V = np.linalg.svd(P.T @ R)
    theta = np.arccos(np.clip(cosines, -1, 1))
    A, B = P @ U, R @ V.T
    across = B - A * np.cos(theta)
    across /= np.maximum(np.linalg.norm(across, axis=0), 1e-12)
    expected = 0.0
    for t, weight in zip(*np.polynomial.legendre.leggauss(20), strict=True):
        t = (t + 1) / 2  # noqa: PLW2901
        Phi = A * np.cos(t * theta) + across * np.sin(t * theta) * (theta > 1e-7)
        expected = expected + weight / 2 * Phi @ Phi.T
    root = geodesic_root(P, R)
    np.testing.assert_allclose(root @ root.T, expected, atol=1e-9)


def test_both_domains_take_the_root(shift) -> None:
    """The projection kept is the root for the principal subspaces of source and target."""
    task, source, _ = shift()
    fitted = Gfk(dims=2).fit(task, source, Context(seed=0))
    P, Q = (principal_directions(X, 2, 0) for X in (source.rows.X, task.unlabeled.X))
    np.testing.assert_allclose(fitted.projection, geodesic_root(P, Q), atol=1e-9)


def test_helps_where_the_source_varies_in_another_way(shift) -> None:
    """Noise of its own in a column that tells nothing: one dimension of flow suffices."""
    task, source, test = shift(matrix=np.diag([1.0, 1.0, 1.0, 1.0]))
    rows = source.rows.X - 4.0
    rows[:, 3] += 6.0 * np.random.default_rng(0).normal(size=len(rows))
    noisy = replace(source, data=replace(source.rows, inputs=rows))
    fitted = Gfk(learner=Neighbors(k=1), dims=1).fit(task, noisy, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.85
