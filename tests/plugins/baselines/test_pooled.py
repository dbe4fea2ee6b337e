"""Pooling."""

from __future__ import annotations

import numpy as np
from autotransfer_baselines.pooled import Pooled

from autotransfer.learners import Linear
from autotransfer.task import Context


def test_joint_is_its_learner_on_all_rows(toy):
    problem = toy(3)
    learned = Linear().fit(*problem.both, n_classes=3)
    fitted = Pooled().fit(problem.task, problem.source, Context())
    np.testing.assert_array_equal(fitted.predict(problem.test), learned.predict(problem.test))
