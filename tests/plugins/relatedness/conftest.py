"""Small constructed domains, so that every estimator's direction is known beforehand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, Task
from autotransfer.testing.toys import ToyEncoder

CLASSES = ("no", "yes")
OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


def make_pair(
    S: Array, source_y: Array, T: Array, target_y: Array, *, classes: tuple[str, ...] | None = CLASSES
) -> tuple[Task, Source]:
    """A task whose labelled rows are T, and a source whose rows are S."""
    task = Task(Dataset("target", Modality.FEATURES, T, target_y), classes)
    return task, Source("source", OFFERS, Dataset("source", Modality.FEATURES, S, source_y), classes)


def _rows(n: int, seed: int, shift: float = 0.0, flip: float = 1.0) -> tuple[Array, Array]:
    """Labels are the sign of the first of five coordinates (reversed when flip is -1)."""
    X = np.random.default_rng(seed).normal(size=(n, 5))
    return X + shift, (flip * X[:, 0] > 0).astype(np.int64)


@pytest.fixture
def related() -> tuple[Task, Source]:
    """One distribution, one concept."""
    return make_pair(*_rows(400, 1), *_rows(150, 2))


@pytest.fixture
def shifted() -> tuple[Task, Source]:
    """The source stands elsewhere."""
    return make_pair(*_rows(400, 1, shift=3.0), *_rows(150, 2))


@pytest.fixture
def reversed_concept() -> tuple[Task, Source]:
    """Same rows, opposite labels."""
    return make_pair(*_rows(400, 1, flip=-1.0), *_rows(150, 2))


@pytest.fixture
def values() -> Callable[[float], tuple[Task, Source]]:
    """Regression: y is ``slope`` times the first coordinate in the source, 1 times in the target, plus noise."""

    def build(slope: float) -> tuple[Task, Source]:
        rng = np.random.default_rng(3)
        S, T = rng.normal(size=(400, 5)), rng.normal(size=(60, 5))
        noise = rng.normal(scale=0.5, size=460)
        return make_pair(S, slope * S[:, 0] + noise[:400], T, T[:, 0] + noise[400:], classes=None)

    return build


@pytest.fixture
def encoded() -> Callable[..., tuple[Task, Source]]:
    """A task of rows that the source, an encoder, has encoded; ``n_classes`` 0: values."""

    def build(X: Array, y: Array, n_classes: int = 0) -> tuple[Task, Source]:
        classes = tuple(f"class {label}" for label in range(n_classes)) or None
        task = Task(Dataset("target", Modality.FEATURES, X, y), classes)
        return task, Source("encoder", Asset.PRETRAINED, encoder=ToyEncoder())

    return build


@pytest.fixture
def blobs() -> Callable[..., tuple[Array, Array]]:
    """Rows and labels: classes around random means, ``spread`` apart, in noise of deviation 1; none at the origin."""

    def draw(n: int, spread: float, *, n_classes: int = 3, d: int = 8, seed: int = 0) -> tuple[Array, Array]:
        rng = np.random.default_rng(seed)
        y = np.arange(n) % n_classes
        return spread * rng.normal(size=(n_classes, d))[y] + rng.normal(size=(n, d)) + 1.0, y

    return draw
