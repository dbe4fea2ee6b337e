"""Weighted pooling."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_baselines.weighted_pooling import WeightedPooling

from autotransfer.learners import Linear
from autotransfer.task import Context


@pytest.mark.parametrize("k", [0, 3])
def test_is_pooling_when_the_weights_are_those_of_the_rows(k, toy):
    """With weight = n / m each row weighs 1."""
    problem = toy(k)
    learned = Linear().fit(*problem.both, n_classes=k)
    fitted = WeightedPooling(weight=30 / 200).fit(problem.task, problem.source, Context())
    np.testing.assert_allclose(fitted.predict(problem.test), learned.predict(problem.test), atol=1e-6)


@pytest.mark.parametrize("k", [0, 3])
def test_a_large_weight_gives_the_target_alone(k, toy):
    problem = toy(k)
    train = problem.task.train
    learned = Linear().fit(train.X, train.labels, n_classes=k)
    fitted = WeightedPooling(weight=1e9).fit(problem.task, problem.source, Context())
    np.testing.assert_allclose(fitted.predict(problem.test), learned.predict(problem.test), atol=1e-4)
