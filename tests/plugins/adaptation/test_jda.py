"""Joint distribution adaptation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scipy.linalg
from autotransfer_adaptation.jda import Jda
from autotransfer_adaptation.rounds import Rounds

from autotransfer.learners import Neighbors
from autotransfer.task import Context


def test_two_rounds_equal_the_dense_formulas(shift) -> None:
    """M_0 (C times) + sum_c M_c over its Frobenius norm, all n x n, then 1-NN; the same labels after two rounds."""
    task, source, _ = shift(n_unlabeled=60)
    S, ys, T = source.rows.X, source.rows.labels, task.unlabeled.X
    fitted = Jda(learner=Neighbors(k=1), kernel="primal", dims=2, rounds=2).fit(task, source, Context(seed=0))
    X, m, n = np.concatenate([S, T]), len(S), len(S) + len(T)
    X = X / np.linalg.norm(X, axis=1, keepdims=True)
    e = np.repeat([1 / m, -1 / len(T)], [m, len(T)])
    M, labels = 2 * np.outer(e, e), None
    for _ in range(2):
        if labels is not None:
            M = 2 * np.outer(e, e)
            for c in np.intersect1d(ys, labels):
                own = np.concatenate([(ys == c) / np.sum(ys == c), -1.0 * (labels == c) / np.sum(labels == c)])
                M = M + np.outer(own, own)
        small = X.T @ M @ X / np.linalg.norm(M) + np.eye(4)
        values, A = scipy.linalg.eig(small, X.T @ (np.eye(n) - 1 / n) @ X)
        A = A[:, np.argsort(values.real)[:2]].real
        Z = X @ (A / np.linalg.norm(A, axis=0))
        Z = Z / np.linalg.norm(Z, axis=1, keepdims=True)
        labels = ys[np.square(Z[m:, None] - Z[:m]).sum(axis=2).argmin(axis=1)]
    np.testing.assert_array_equal(fitted.predict_features(T).argmax(axis=1), labels)


@pytest.mark.parametrize("kernel", ["linear", "gaussian", "primal"])
def test_follows_classes_that_move_apart(shift, kernel: str) -> None:
    """Every class of the source is elsewhere, the target's shares of classes as well: good labels all the same."""
    task, source, test = shift(matrix=np.eye(4))
    fitted = Jda(kernel=kernel, unit_rows=False, penalty=1e-2, dims=3).fit(task, source, Context(seed=0))
    assert np.mean(fitted.predict(test).argmax(axis=1) == test.labels) > 0.9


def test_labelled_target_rows_are_believed(shift) -> None:
    """A source with exchanged labels: 40 labelled target rows of large weight set it right, where none cannot."""
    task, source, test = shift(n_labeled=40, matrix=np.eye(4))
    lie = replace(source, data=replace(source.rows, y=1 - source.rows.labels))
    method = Jda(unit_rows=False, target_weight=10.0)
    scores = [
        np.mean(method.fit(given, lie, Context(seed=0)).predict(test).argmax(axis=1) == test.labels)
        for given in (task, replace(task, train=task.train.take(np.arange(0))))
    ]
    assert scores[0] > 0.85 > scores[1]


def test_rounds_are_settings_without_defaults() -> None:
    """The loop takes its settings from the methods that use it."""
    with pytest.raises(TypeError):
        Rounds()  # type: ignore[call-arg]
