"""Mean-regularised tasks, the trace norm, and clusters told by gradients."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_multitask import gradient_clusters, mean_regularized, trace_norm
from autotransfer_multitask.linear import LinearRows
from autotransfer_multitask.rows import gather
from scipy.optimize import check_grad
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import adjusted_rand_score

from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, SubTask, Task
from autotransfer.testing.subtasks import many_tasks


@pytest.fixture
def mixed() -> LinearRows:
    return LinearRows.of(gather(many_tasks(15).task))


def test_the_loss_has_its_gradient(mixed, rng):
    """For classes and values side by side, against differences."""
    W = rng.normal(size=mixed.shape)
    error = check_grad(
        lambda w: mixed.loss(w.reshape(W.shape))[0], lambda w: mixed.loss(w.reshape(W.shape))[1].ravel(), W.ravel()
    )
    assert error < 1e-4


def test_mean_regularised_values_are_the_closed_form(alike):
    """w_k = w0 + v_k: one ridge regression on [x / √common, 0.., x / √own, ..0] and a free common intercept."""
    rows, own, common = LinearRows.of(gather(alike)), 3.0, 0.5
    tasks, columns, _ = rows.shape
    wide = np.zeros((len(rows.y), (tasks + 1) * columns))
    wide[:, :columns] = rows.A / np.sqrt(common)
    for k in range(tasks):
        mine = rows.task == k
        wide[mine, (k + 1) * columns : (k + 2) * columns] = rows.A[mine] / np.sqrt(own)
    held = np.eye(wide.shape[1])
    held[columns - 1, columns - 1] = 1e-6
    u = np.linalg.solve(wide.T @ wide + held, wide.T @ rows.y).reshape(tasks + 1, columns)
    expected = u[0] / np.sqrt(common) + u[1:] / np.sqrt(own)
    found = mean_regularized.solved(rows, np.zeros(tasks, int), own, common, Context())
    assert np.allclose(found[:, :, 0], expected, atol=1e-3)


def test_a_large_penalty_of_differences_gives_one_model(alike):
    found = mean_regularized.solved(LinearRows.of(gather(alike)), np.zeros(4, int), 1e8, 1.0, Context())
    assert np.allclose(found, found[:1], atol=1e-3)


def test_a_task_whose_labels_are_its_own_stands_alone(alike):
    """In a space of its own the two penalties are one: 1 / (1 / own + 1 / common)."""
    rows = LinearRows.of(gather(alike))
    found = mean_regularized.solved(rows, np.arange(4), 4.0, 4.0, Context())
    mine = rows.task == 2
    model = Ridge(2.0).fit(rows.A[mine, :-1], rows.y[mine])
    assert np.allclose(found[2, :-1, 0], model.coef_, atol=1e-3)


def test_classes_alone_are_a_logistic_regression(rng):
    """Two columns of scores under a squared penalty are one of half the penalty."""
    X = rng.normal(size=(80, 3))
    y = (X[:, 0] + rng.normal(size=80) > 0).astype(float)
    data = Dataset("rows", Modality.FEATURES, X, y, task=np.zeros(80, int))
    rows = LinearRows.of(gather(Task(data, None, tasks=(SubTask("only", ("no", "yes")),))))
    found = mean_regularized.solved(rows, np.zeros(1, int), 4.0, 4.0, Context())[0]
    model = LogisticRegression(C=1.0, tol=1e-8).fit(rows.A[:, :-1], y)
    assert np.allclose(found[:-1, 1] - found[:-1, 0], model.coef_[0], atol=1e-2)


def test_shrinking_is_the_proximal_step_of_the_trace_norm(rng):
    """The matrix Z of least ½ |Z - W|² + λ |Z|_*: W - Z lies in λ times the norm's subdifferential at Z."""
    W = rng.normal(size=(4, 6, 1))
    Z, by = trace_norm.shrunk(W, 0.8), 0.8
    matrix, rest = Z[:, :-1, 0].T, (W - Z)[:, :-1, 0].T
    assert np.linalg.norm(rest, 2) <= by + 1e-9
    assert np.vdot(rest, matrix) == pytest.approx(by * np.linalg.norm(matrix, "nuc"))
    assert np.array_equal(Z[:, -1], W[:, -1])


def test_the_trace_norm_solution_is_stationary(alike):
    """Another proximal step stays where it is."""
    rows, penalty = LinearRows.of(gather(alike)), 2.0
    W = trace_norm.solved(rows, penalty, Context())
    _, slope = rows.loss(W)
    step = 0.5 / max(np.linalg.norm(gram, 2) for gram in rows.per_task(rows.A))
    assert np.abs(trace_norm.shrunk(W - step * slope, step * penalty) - W).max() < 1e-4


def test_a_large_penalty_leaves_intercepts(alike):
    W = trace_norm.solved(LinearRows.of(gather(alike)), 1e4, Context())
    assert np.allclose(W[:, :-1], 0.0)


def test_clusters_are_found(rng):
    """Ten tasks around each of two opposite models, 30 rows each."""
    common = rng.normal(size=6)
    kinds = np.repeat([0, 1], 10)
    weights = np.where(kinds[:, None] == 0, common, common[::-1]) + 0.1 * rng.normal(size=(20, 6))
    task = np.arange(600) % 20
    X = rng.normal(size=(600, 6))
    y = (X * weights[task]).sum(axis=1) + rng.normal(size=600)
    tasks = tuple(SubTask(str(k), None) for k in range(20))
    rows = LinearRows.of(gather(Task(Dataset("rows", Modality.FEATURES, X, y, task=task), None, tasks=tasks)))
    found = gradient_clusters.found_clusters(rows, np.zeros(20, int), 2, 1.0, Context())
    assert adjusted_rand_score(kinds, found) == 1.0
    one = gradient_clusters.found_clusters(rows, np.zeros(20, int), 1, 1.0, Context())
    assert set(one) == {0}


def test_tasks_of_other_columns_are_in_clusters_of_their_own(mixed):
    found = gradient_clusters.found_clusters(mixed, np.arange(3), 2, 1.0, Context())
    assert sorted(found) == [0, 1, 2]
