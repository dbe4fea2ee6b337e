"""The target alone."""

from __future__ import annotations

import numpy as np
from autotransfer_baselines.no_transfer import NoTransfer

from autotransfer.learners import Linear
from autotransfer.task import Context


def test_is_its_learner_on_the_target_rows(toy):
    problem = toy(3)
    train = problem.task.train
    fitted = NoTransfer(Linear(0.3)).fit(problem.task, None, Context())
    learned = Linear(0.3).fit(train.X, train.labels, n_classes=3)
    np.testing.assert_array_equal(fitted.predict(problem.test), learned.predict(problem.test))
