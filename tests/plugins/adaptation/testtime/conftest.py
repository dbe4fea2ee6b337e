"""A network trained on rows that the target's differ from in place and scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_adaptation.deep.source_network import SourceNetwork, train_on_labels

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.nets.seeding import reproducible
from autotransfer.nets.trainee import Trainee
from autotransfer.task import Context, Source, Task

OFFERS = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


@pytest.fixture
def corrupted() -> tuple[Task, Source, Dataset]:
    """Three classes in six columns; the target's rows are dimmed and offset, column by column."""
    rng = np.random.default_rng(0)
    means = rng.normal(0, 1.5, (3, 6))

    def draw(n: int) -> tuple[np.ndarray, np.ndarray]:
        y = rng.integers(0, 3, n)
        return means[y] + rng.normal(0, 0.7, (n, 6)), y

    (S, ys), (U, _), (V, yv) = draw(400), draw(300), draw(500)
    dim, offset = rng.uniform(0.3, 1.0, 6), rng.normal(0, 2.0, 6)
    rows = Dataset("rows", Modality.FEATURES, U * dim + offset)
    task = Task(replace(rows.take(np.arange(0)), y=ys[:0]), ("a", "b", "c"), unlabeled=rows)
    source = Source("source", OFFERS, Dataset("source", Modality.FEATURES, S, ys), ("a", "b", "c"))
    return task, source, Dataset("test", Modality.FEATURES, V * dim + offset, yv)


@pytest.fixture
def trained(corrupted) -> Trainee:
    """The network before it is adjusted."""
    task, source, _ = corrupted
    method = SourceNetwork()
    with reproducible(0, "cpu"):
        trainee = method.enlist(task, source, Context())
        train_on_labels(method, trainee)
    return trainee
