"""Transfer component analysis against the formula of the paper."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.tca import Tca

from autotransfer.learners import Neighbors
from autotransfer.task import Context


@pytest.mark.parametrize("kernel", ["linear", "gaussian"])
def test_equals_the_papers_eigenproblem(shift, kernel: str) -> None:
    """Embeddings K A with A the leading eigenvectors of (K L K + mu I)^-1 K H K, all n x n; equal up to signs."""
    task, source, _ = shift(n_unlabeled=60)
    source = type(source)(source.name, source.offers, source.rows.take(np.arange(50)), source.classes)
    fitted = Tca(kernel=kernel, dims=2, penalty=0.7, unit_rows=False).fit(task, source, Context(seed=0))
    X = np.concatenate([source.rows.X, task.unlabeled.X])
    found = fitted.chain(X)
    X = X / np.sqrt(np.square(X).sum(axis=1).mean())
    squares = np.square(X[:, None] - X).sum(axis=2)
    K = X @ X.T if kernel == "linear" else np.exp(-squares / np.median(squares[np.tri(110, k=-1, dtype=bool)]))
    e = np.repeat([1 / 50, -1 / 60], [50, 60])[:, None]
    L, H = e @ e.T / np.linalg.norm(e @ e.T), np.eye(110) - 1 / 110
    values, vectors = np.linalg.eig(np.linalg.solve(K @ L @ K + 0.7 * np.eye(110), K @ H @ K))
    A = vectors[:, np.argsort(-values.real)[:2]].real
    expected = K @ (A / np.linalg.norm(A, axis=0))
    if kernel == "linear":  # coefficients of rows are only known up to what the rows span
        expected *= np.linalg.norm(found, axis=0) / np.linalg.norm(expected, axis=0)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), rtol=1e-5, atol=1e-7)


def test_means_meet(shift) -> None:
    """The larger the penalty on A is made small, the closer the means of both domains' components."""
    task, source, _ = shift()
    gaps = []
    for penalty in (1e3, 1e-3):
        fitted = Tca(dims=2, penalty=penalty, kernel="primal").fit(task, source, Context(seed=0))
        S, T = fitted.chain(source.rows.X), fitted.chain(task.unlabeled.X)
        gaps.append(np.linalg.norm(S.mean(axis=0) - T.mean(axis=0)) / np.concatenate([S, T]).std())
    assert gaps[1] < 0.05 * gaps[0]


def test_a_moved_source_is_of_use_again(shift) -> None:
    """The source is 4 away in all columns: nearest neighbours on two components find the classes."""
    task, source, test = shift(matrix=np.eye(4))
    fitted = Tca(learner=Neighbors(), kernel="primal", penalty=1e-3, dims=2).fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.95
