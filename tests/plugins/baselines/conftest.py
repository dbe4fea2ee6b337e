"""A small shifted problem for all tests of this family."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, Task

SHARED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


@dataclass(frozen=True)
class Toy:
    """A task, its source, and many labelled target rows to score on."""

    task: Task
    source: Source
    test: Dataset

    @property
    def both(self) -> tuple[Array, Array]:
        """Target rows, then source rows: X and y."""
        target, rows = self.task.train, self.source.rows
        return np.concatenate([target.X, rows.X]), np.concatenate([target.labels, rows.labels])

    def score(self, predictor) -> float:
        """Accuracy, or R², on the test rows."""
        predictions, y = predictor.predict(self.test), self.test.labels
        if self.task.is_regression:
            return 1.0 - float(np.mean((predictions - y) ** 2) / np.var(y))
        return float(np.mean(predictions.argmax(1) == y))


def _rows(rng, n, k, weights, shift):
    X = (rng.normal(size=(n, 6)) + shift).astype(np.float32)
    scores = X @ weights
    y = scores[:, 0] + 0.1 * rng.normal(size=n) if k == 0 else (scores + 0.1 * rng.normal(size=scores.shape)).argmax(1)
    return X, y


@pytest.fixture
def toy() -> Callable[..., Toy]:
    """``toy(k, n=..., domains=...)``: k classes (0: values), n target rows, sources with similar weights."""

    def make(k: int, n: int = 30, domains: int = 2, seed: int = 0) -> Toy:
        rng = np.random.default_rng(seed)
        weights = rng.normal(size=(6, max(k, 1)))
        near = weights + 0.3 * rng.normal(size=weights.shape)
        classes = tuple("abcdefgh"[:k]) if k else None
        parts = {
            name: Dataset(name, Modality.FEATURES, *_rows(rng, size, k, w, shift))
            for name, size, w, shift in (
                ("target", n, weights, 0.0),
                ("test", 500, weights, 0.0),
                ("source", 200, near, 0.3),
            )
        }
        rows = parts["source"]
        rows = Dataset("source", Modality.FEATURES, rows.inputs, rows.y, np.arange(200) % domains)
        unlabeled = Dataset("more", Modality.FEATURES, _rows(rng, 50, k, weights, 0.0)[0])
        task = Task(parts["target"], classes, unlabeled=unlabeled)
        return Toy(task, Source("source", SHARED, rows, classes), parts["test"])

    return make
