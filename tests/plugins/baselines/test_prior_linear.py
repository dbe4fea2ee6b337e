"""The prior-regularised linear model against its closed form and optimality condition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_baselines.prior_linear import PriorLinear

from autotransfer.data import Dataset, Modality
from autotransfer.learners.links import probabilities
from autotransfer.task import Context


def _ridge(X, y, prior, l2):
    """W = prior + (XᵀX + l2)⁻¹ Xᵀ (y - X prior)."""
    return prior + np.linalg.solve(X.T @ X + l2 * np.eye(X.shape[1]), X.T @ (y - X @ prior))


def _with_ones(X):
    return np.column_stack([X, np.ones(len(X))]).astype(np.float64)


def test_values_have_the_closed_form(toy):
    problem = toy(0)
    rows, train = problem.source.rows, problem.task.train
    level = rows.labels.mean()
    prior = _ridge(_with_ones(rows.X), rows.labels - level, np.zeros(7), 3.0)
    W = _ridge(_with_ones(train.X), train.labels - level, prior, 5.0)
    fitted = PriorLinear(l2=5.0, source_l2=3.0).fit(problem.task, problem.source, Context())
    np.testing.assert_allclose(fitted.predict(problem.test), _with_ones(problem.test.X) @ W + level, atol=1e-4)


@pytest.mark.parametrize("k", [2, 4])
def test_classes_fulfil_the_optimality_condition(k, toy):
    """Xᵀ(P - Y) + l2 (W - W_source) = 0, where W_source fulfils its own: Xᵀ(P - Y) + source_l2 W_source = 0."""
    problem = toy(k)
    near = PriorLinear(l2=4.0, source_l2=2.0).fit(problem.task, problem.source, Context())
    far = PriorLinear(l2=1e12, source_l2=2.0).fit(problem.task, problem.source, Context())
    W, prior = (np.vstack([model.inner.inner.W, model.inner.inner.b]) for model in (near, far))
    for rows, at, start, l2 in ((problem.source.rows, prior, 0.0, 2.0), (problem.task.train, W, prior, 4.0)):
        X = _with_ones(rows.X)
        residual = probabilities(X @ at) - np.eye(k)[rows.labels]
        slope = X.T @ (residual[:, 1:] if k == 2 else residual) + l2 * (at - start)
        np.testing.assert_allclose(slope, 0.0, atol=1e-3)


def test_a_class_without_target_rows_keeps_what_the_source_says(toy):
    problem = toy(4, n=60)
    train = problem.task.train
    task = replace(problem.task, train=train.take(train.labels != 2))
    hidden = problem.test.take(problem.test.labels == 2)
    fitted = PriorLinear(l2=100.0).fit(task, problem.source, Context())
    assert np.mean(fitted.predict(hidden).argmax(1) == 2) > 0.5


def test_a_target_far_from_zero_costs_nothing(toy):
    """Adding a constant to all values adds it to all predictions."""
    problem = toy(0)

    def moved(data):
        return Dataset(data.name, Modality.FEATURES, data.inputs, data.labels + 1e4, data.domain)

    plain = PriorLinear().fit(problem.task, problem.source, Context()).predict(problem.test)
    task, source = (
        replace(problem.task, train=moved(problem.task.train)),
        replace(problem.source, data=moved(problem.source.rows)),
    )
    np.testing.assert_allclose(PriorLinear().fit(task, source, Context()).predict(problem.test), plain + 1e4, atol=1e-3)
