"""A small shift that alignment undoes: the source is rotated, stretched and moved."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
Builder = Callable[..., tuple[Task, Source, Dataset]]


def _draw(rng: np.random.Generator, n: int) -> tuple[Array, Array]:
    """Two elongated classes in four columns."""
    y = rng.integers(0, 2, n)
    X = rng.normal(size=(n, 4)) * [1.0, 0.5, 0.3, 0.2]
    X[:, 0] += np.where(y == 1, 2.0, -2.0)
    return X, y


@pytest.fixture
def shift() -> Builder:
    """build(n_labeled, n_unlabeled) -> task, source, labelled test rows of the target."""

    def build(n_labeled: int = 0, n_unlabeled: int = 200, matrix: Array | None = None) -> tuple[Task, Source, Dataset]:
        rng = np.random.default_rng(7)
        M = np.diag([0.2, 3.0, 1.0, 5.0]) if matrix is None else matrix
        (S, ys), (T, yt), (U, _), (test, y) = (_draw(rng, n) for n in (300, n_labeled, n_unlabeled, 400))
        train = Dataset("train", Modality.FEATURES, T, yt if n_labeled else None)
        unlabeled = Dataset("unlabeled", Modality.FEATURES, U) if n_unlabeled else None
        task = Task(train, ("a", "b"), unlabeled=unlabeled)
        source = Source("source", OFFERS, Dataset("source", Modality.FEATURES, S @ M + 4.0, ys), ("a", "b"))
        return task, source, Dataset("test", Modality.FEATURES, test, y)

    return build
