"""Similarity of Fisher embeddings."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.task_embedding import TaskEmbeddingSimilarity, class_information, value_information
from sklearn.linear_model import LogisticRegression

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


@pytest.mark.parametrize("n_classes", [2, 3])
def test_information_equals_squared_gradients(n_classes: int) -> None:
    """E_x E_{y ~ p} (d log p(y | g x) / d g_j)^2 at g = 1, the derivative by central differences, for scikit-learn's
    logistic regression."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 4))
    y = np.argmax(X[:, :n_classes] + rng.normal(size=(60, n_classes)), axis=1)
    model = LogisticRegression(C=1.0, tol=1e-10, max_iter=5000).fit(X, y)
    P, step = model.predict_proba(X), 1e-5
    expected = np.zeros(4)
    for j in range(4):
        gates = np.eye(4)[j] * step
        slopes = (model.predict_log_proba(X * (1 + gates)) - model.predict_log_proba(X * (1 - gates))) / (2 * step)
        expected[j] = np.mean((P * slopes**2).sum(axis=1))
    np.testing.assert_allclose(class_information(X, y), expected, rtol=1e-3)


def test_information_of_values() -> None:
    """y = 2 x_0 - x_1 + N(0, 1/4): w_j^2 E[x_j^2] / noise is 4 / 0.25, 1 / 0.25 and 0, whatever the unit of y."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(20_000, 3))
    y = 2 * X[:, 0] - X[:, 1] + 0.5 * rng.normal(size=20_000)
    np.testing.assert_allclose(value_information(X, y), [16.0, 4.0, 0.0], atol=0.5)
    np.testing.assert_allclose(value_information(X, 1e3 * y), value_information(X, y), rtol=1e-6)


def similarity(column: int, names: tuple[str, str]) -> float:
    """Target labels by column 0, source labels by ``column``."""
    rng = np.random.default_rng(0)
    T, S = rng.normal(size=(200, 6)), rng.normal(size=(300, 6))
    task = Task(Dataset("t", Modality.FEATURES, T, (T[:, 0] > 0).astype(int)), ("a", "b"))
    rows = Dataset("s", Modality.FEATURES, S, (S[:, column] > 0).astype(int))
    offers = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    return TaskEmbeddingSimilarity().estimate(task, Source("s", offers, rows, names), Context(seed=0))


def test_direction() -> None:
    """The same feature decides: near 1, and labels may be called otherwise; another one decides: near 0."""
    assert similarity(0, ("a", "b")) == similarity(0, ("x", "z")) > 0.95
    assert similarity(3, ("a", "b")) < 0.1
