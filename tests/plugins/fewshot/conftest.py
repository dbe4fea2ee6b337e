"""Rows of a few classes far apart, and a source of others."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Source, Task

LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS


def blobs(means: np.ndarray, each: int, seed: int, spread: float = 0.3) -> Dataset:
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(len(means)), each)
    return Dataset("blobs", Modality.FEATURES, (means[y] + spread * rng.normal(size=(len(y), means.shape[1]))), y)


@pytest.fixture(scope="session")
def problem() -> tuple[Task, Source, Dataset]:
    """Five classes with two rows each, twelve others with ten rows each, and test rows."""
    means = np.random.default_rng(0).normal(size=(17, 6)) * 2
    task = Task(blobs(means[:5], 2, 1), tuple("abcde"))
    source = Source("others", LABELED, blobs(means[5:], 10, 2), tuple(f"other {k}" for k in range(12)))
    return task, source, blobs(means[:5], 20, 3)
