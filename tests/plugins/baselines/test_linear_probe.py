"""The linear probe."""

from __future__ import annotations

import numpy as np
from autotransfer_baselines.linear_probe import LinearProbe

from autotransfer.task import Context


def test_values_are_ridge_regression(toy):
    """W = (XᵀX + l2)⁻¹ Xᵀ y on centred rows."""
    problem = toy(0)
    X, y = problem.task.train.X.astype(np.float64), problem.task.train.labels
    mean = X.mean(0)
    W = np.linalg.solve((X - mean).T @ (X - mean) + 2.0 * np.eye(6), (X - mean).T @ (y - y.mean()))
    fitted = LinearProbe(2.0).fit(problem.task, problem.source, Context())
    np.testing.assert_allclose(fitted.predict(problem.test), (problem.test.X - mean) @ W + y.mean(), atol=1e-5)
