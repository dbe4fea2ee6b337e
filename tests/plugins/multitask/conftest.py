"""Rows of several tasks."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.task import SubTask, Task


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def alike(rng):
    """Four tasks with values, whose weights are alike, and few rows."""
    common = rng.normal(size=5)
    return linear_tasks(rng, [common + 0.2 * rng.normal(size=5) for _ in range(4)], rows=8)


def linear_tasks(rng, weights, rows, noise=0.3):
    """y = x w_k + noise in one unit."""
    task = np.arange(rows * len(weights)) % len(weights)
    X = rng.normal(size=(len(task), len(weights[0])))
    y = (X * np.stack(weights)[task]).sum(axis=1) + noise * rng.normal(size=len(task))
    kinds = tuple(SubTask(f"task {k}", None, 0, float(y.std())) for k in range(len(weights)))
    return Task(Dataset("rows", Modality.FEATURES, X, y, task=task), None, tasks=kinds)
