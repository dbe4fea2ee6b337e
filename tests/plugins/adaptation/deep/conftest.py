"""A rotation that a network without target labels can follow, and a source and target that have nothing to align."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
Turned = Callable[..., tuple[Task, Source, Dataset]]


def moons(rng: np.random.Generator, n: int, degrees: float) -> tuple[Array, Array]:
    """Two interleaving half circles (the toy problem of the DANN paper), turned about the origin."""
    y, angle = rng.integers(0, 2, n), rng.uniform(0, np.pi, n)
    X = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    X[y == 1] *= -1
    X += rng.normal(0, 0.08, X.shape)
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return X @ np.array([[cos, sin], [-sin, cos]]), y


@pytest.fixture
def turned() -> Turned:
    """build(degrees, n_labeled) -> task, source, labelled test rows of the target."""

    def build(degrees: float = 35.0, n_labeled: int = 0, n: int = 300) -> tuple[Task, Source, Dataset]:
        rng = np.random.default_rng(3)
        (S, ys), (U, _), (test, y) = moons(rng, n, 0.0), moons(rng, n, degrees), moons(rng, 400, degrees)
        T, yt = moons(rng, n_labeled, degrees)
        task = Task(
            Dataset("train", Modality.FEATURES, T, yt),
            ("a", "b"),
            unlabeled=Dataset("unlabeled", Modality.FEATURES, U),
        )
        source = Source("source", OFFERS, Dataset("source", Modality.FEATURES, S, ys), ("a", "b"))
        return task, source, Dataset("test", Modality.FEATURES, test, y)

    return build


@pytest.fixture
def moved(turned: Turned) -> tuple[Task, Source, Dataset]:
    """The target's two columns are moved by 0.7."""
    task, source, test = turned(degrees=0.0)
    far = task.unlabeled.with_inputs(task.unlabeled.X + 0.7)
    return replace(task, unlabeled=far), source, test.with_inputs(test.X + 0.7)
