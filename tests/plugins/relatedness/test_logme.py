"""LogME against the marginal likelihood of its definition."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.logme import LogMaximumEvidence
from scipy.optimize import minimize

from autotransfer.task import Context


def evidence(F: np.ndarray, y: np.ndarray) -> float:
    """max over alpha, beta of log N(y; 0, F F^T / alpha + I / beta) / n: the n x n covariance written out, its
    determinant by Cholesky, the maximum by a simplex from several starts."""
    n = len(y)

    def loss(logs: np.ndarray) -> float:
        L = np.linalg.cholesky(F @ F.T * np.exp(-logs[0]) + np.eye(n) * np.exp(-logs[1]))
        return float(np.log(np.diag(L)).sum() + 0.5 * np.sum(np.linalg.solve(L, y) ** 2) + 0.5 * n * np.log(2 * np.pi))

    options = {"xatol": 1e-10, "fatol": 1e-12, "maxiter": 4000}
    starts = [(0.0, 0.0), (3.0, 1.0), (1.0, 4.0)]
    return -min(minimize(loss, start, method="Nelder-Mead", options=options).fun for start in starts) / n


@pytest.mark.parametrize(("n", "d"), [(60, 5), (30, 45)], ids=["tall", "wide"])
def test_classes_equal_the_definition(n: int, d: int, encoded, blobs) -> None:
    """The mean over one-hot columns, to 1e-6."""
    X, y = blobs(n, 0.8, d=d)
    expected = np.mean([evidence(X, (y == label).astype(float)) for label in range(3)])
    assert LogMaximumEvidence().estimate(*encoded(X, y, 3), Context()) == pytest.approx(expected, abs=1e-6)


def test_values_equal_the_definition(encoded) -> None:
    """y centred and divided by its deviation, to 1e-6."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 6))
    y = X @ rng.normal(size=6) + rng.normal(size=50)
    expected = evidence(X, (y - y.mean()) / y.std())
    assert LogMaximumEvidence().estimate(*encoded(X, y), Context()) == pytest.approx(expected, abs=1e-6)


def test_the_unit_of_values_does_not_matter(encoded) -> None:
    """LogME(X, a y + b) = LogME(X, y)."""
    rng = np.random.default_rng(1)
    X, noise = rng.normal(size=(50, 6)), rng.normal(size=50)
    y = X[:, 0] + noise
    expected = LogMaximumEvidence().estimate(*encoded(X, y), Context())
    assert LogMaximumEvidence().estimate(*encoded(X, 1e3 * y - 7.0), Context()) == pytest.approx(expected)
    assert expected > LogMaximumEvidence().estimate(*encoded(X, noise), Context())


def test_exactly_linear_labels_are_finite(encoded) -> None:
    """The evidence has no bound there: a large number, larger than with noise."""
    X = np.random.default_rng(2).normal(size=(40, 3))
    exact, noisy = X[:, 0], X[:, 0] + 0.1 * np.random.default_rng(3).normal(size=40)
    values = [LogMaximumEvidence().estimate(*encoded(X, y), Context()) for y in (exact, noisy)]
    assert np.isfinite(values).all()
    assert values[0] > values[1]
