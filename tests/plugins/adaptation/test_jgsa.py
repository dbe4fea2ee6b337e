"""Joint geometrical and statistical alignment against the authors' matrices."""

from __future__ import annotations

import numpy as np
import scipy.linalg
from autotransfer_adaptation.jgsa import Jgsa

from autotransfer.learners import Neighbors
from autotransfer.task import Context


def test_one_round_equals_the_dense_formulas(shift) -> None:
    """Generalised eigenvectors of the two (2d, 2d) matrices of the paper, of length 1; equal up to signs."""
    task, source, _ = shift(n_unlabeled=50)
    S, ys, T = source.rows.X, source.rows.labels, task.unlabeled.X
    S, T = (X / np.linalg.norm(X, axis=1, keepdims=True) for X in (S, T))
    m, n = len(S), len(T)
    labels = ys[np.square(T[:, None] - S).sum(axis=2).argmin(axis=1)]
    means = np.stack([S[ys == c].mean(axis=0) for c in (0, 1)])
    Sb = sum(np.sum(ys == c) * np.outer(means[c] - S.mean(axis=0), means[c] - S.mean(axis=0)) for c in (0, 1))
    Sw = (S - means[ys]).T @ (S - means[ys])
    e = np.repeat([1 / m, -1 / n], [m, n])
    M = 2 * np.outer(e, e)
    norm = np.linalg.norm(M)
    for c in np.intersect1d(ys, labels):
        own = np.concatenate([(ys == c) / np.sum(ys == c), -1.0 * (labels == c) / np.sum(labels == c)])
        M = M + np.outer(own, own)
    X = scipy.linalg.block_diag(S, T)
    eye, zero = np.eye(4), np.zeros((4, 4))
    large = np.block([[0.1 * Sb, zero], [zero, 2.0 * T.T @ (np.eye(n) - 1 / n) @ T]])
    small = X.T @ M @ X / norm + np.block([[0.1 * Sw + 0.5 * eye, -0.5 * eye], [-0.5 * eye, 2.5 * eye]])
    values, vectors = scipy.linalg.eig(large, small)
    W = vectors[:, np.argsort(-values.real)[:2]].real
    W /= np.linalg.norm(W, axis=0)
    fitted = Jgsa(Neighbors(k=1), dims=2, alpha=0.5, beta=0.1, mu=2.0, rounds=1).fit(task, source, Context(seed=0))
    assert fitted.source_chain is not None
    found = np.concatenate([fitted.source_chain.steps[-1].matrix, fitted.chain.steps[-1].matrix])
    np.testing.assert_allclose(np.abs(np.sum(found * W, axis=0)), 1.0, atol=1e-6)


def test_undoes_what_differs_between_the_domains(shift) -> None:
    """A moved source: projections of their own bring it back."""
    task, source, test = shift(matrix=np.eye(4))
    fitted = Jgsa(dims=3, unit_rows=False).fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9


def test_source_rows_go_the_sources_way(shift) -> None:
    """For validation, rows of the source are projected by A, target rows by B, and the learner is the same."""
    task, source, test = shift()
    fitted = Jgsa(dims=3).fit(task, source, Context(seed=0))
    assert fitted.source_chain is not None
    there = fitted.for_source().predict(source.rows)
    np.testing.assert_allclose(there, fitted.learner.predict_features(fitted.source_chain(source.rows.X)))
    np.testing.assert_allclose(fitted.predict(test), fitted.learner.predict_features(fitted.chain(test.X)))
