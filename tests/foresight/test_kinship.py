"""Crossed random effects: what is put into simulated tasks is found again."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from autotransfer.data import Array
from autotransfer.foresight.kinship import Kinship, comparable, fit_kinship

METHODS = np.array(list("abcdef"), dtype=object)
EFFECTS = np.eye(6)
EFFECTS[0, 1] = EFFECTS[1, 0] = 0.9


def simulated(tasks: int = 300, sources: int = 4, seed: int = 0) -> tuple[Array, ...]:
    """gain = 10 (0.5 forecast + effect of the method + effect of the source + noise); methods a and b go together."""
    rng = np.random.default_rng(seed)
    task = np.repeat(np.arange(tasks).astype(str), 6 * sources).astype(object)
    method = np.tile(np.repeat(METHODS, sources), tasks)
    source = np.tile(np.arange(sources).astype(str), 6 * tasks).astype(object)
    told = rng.normal(size=(len(task), 2))
    by_method = np.repeat(rng.multivariate_normal(np.zeros(6), EFFECTS, tasks), sources, axis=1).ravel()
    by_source = np.tile(rng.normal(size=(tasks, 1, sources)) * 0.3, (1, 6, 1)).ravel()
    noise = 0.2 * rng.normal(size=len(task))
    return task, method, source, 10 * (0.5 * told[:, 0] + by_method + by_source + noise), told


def test_effects_are_found() -> None:
    """Correlations of methods, and their share beside sources and noise: gains are standardised by task, so that
    variances come out in those units; the second forecast, which says nothing, gets hardly any weight."""
    kinship = fit_kinship(*simulated())
    assert kinship.methods == tuple("abcdef")
    spread = np.sqrt(np.diag(kinship.covariance))
    correlation = kinship.covariance / np.outer(spread, spread)
    assert correlation[0, 1] > 0.5
    assert correlation[0, 2] < 0.0  # standings sum to nothing: what a and b gain the others lack
    assert correlation[2, 3] < 0.3
    assert kinship.weights[0] > 10 * kinship.weights[1]
    assert kinship.covariance[0, 0] > kinship.source > 0
    assert kinship.rest > 0
    assert 5 < kinship.spread < 20


def test_the_covariance_of_arms() -> None:
    """By hand: methods' covariance, plus the source's variance where it is the same, plus the arm's own; a method that
    is not known goes with itself alone."""
    kinship = Kinship(np.ones(1), ("a", "b"), np.array([[1.0, 0.5], [0.5, 2.0]]), 1.5, 0.25, 0.125, 5.0, 0.0)
    methods = np.array(["a", "b", "new", "new", "other"], dtype=object)
    sources = np.array(["s", "s", "s", "t", "t"], dtype=object)
    expected = [
        [1.375, 0.75, 0.25, 0.0, 0.0],
        [0.75, 2.375, 0.25, 0.0, 0.0],
        [0.25, 0.25, 1.875, 1.5, 0.0],
        [0.0, 0.0, 1.5, 1.875, 0.25],
        [0.0, 0.0, 0.0, 0.25, 1.875],
    ]
    np.testing.assert_allclose(kinship.between(methods, sources), expected)


@pytest.mark.parametrize("tasks", [1, 2, 5])
def test_few_tasks_still_give_a_covariance(tasks: int) -> None:
    """Positive definite, so that it can be conditioned on."""
    kinship = fit_kinship(*simulated(tasks))
    methods = np.repeat(METHODS, 2)
    found = kinship.between(methods, np.tile(["s", "t"], 6).astype(object))
    np.testing.assert_allclose(found, found.T)
    assert np.linalg.eigvalsh(found).min() > 0


def test_tasks_whose_arms_are_alike_teach_nothing_and_break_nothing() -> None:
    task, method, source, gain, told = simulated(3)
    kinship = fit_kinship(task, method, source, np.zeros_like(gain), told)
    assert np.isfinite(kinship.covariance).all()
    assert kinship.weights.tolist() == [0.0, 0.0]
    assert kinship.spread > 0


def test_forecasts_of_a_task_are_made_comparable() -> None:
    """SciPy's z-score by column; 0 where a column says the same of all."""
    told = np.column_stack([np.random.default_rng(0).normal(size=9), np.full(9, 3.0)])
    np.testing.assert_allclose(comparable(told)[:, 0], stats.zscore(told[:, 0]))
    np.testing.assert_array_equal(comparable(told)[:, 1], 0.0)
