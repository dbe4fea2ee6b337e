"""Nearest source rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_relatedness.knn_score import KnnScore
from autotransfer_relatedness.rows import labeled_pair
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from autotransfer.task import Context, Source, Task


@pytest.mark.parametrize("k", [1, 5])
def test_equals_scikit_learn(k: int, related: tuple[Task, Source], values) -> None:
    """k-NN fitted on the source, scored on the target, columns on the same scale."""
    pair = labeled_pair(*related, Context(seed=0), cap=2000, dims=512)
    oracle = KNeighborsClassifier(k).fit(pair.source, pair.source_y).score(pair.target, pair.target_y)
    assert KnnScore(k=k).estimate(*related, Context(seed=0)) == pytest.approx(oracle)
    pair = labeled_pair(*values(1.0), Context(seed=0), cap=2000, dims=512)
    oracle = KNeighborsRegressor(k).fit(pair.source, pair.source_y).score(pair.target, pair.target_y)
    assert KnnScore(k=k).estimate(*values(1.0), Context(seed=0)) == pytest.approx(oracle)


def test_direction(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """Higher is better: labels that agree against labels that are reversed."""
    assert KnnScore().estimate(*related, Context()) > 0.8
    assert KnnScore().estimate(*reversed_concept, Context()) < 0.2


def test_fewer_source_rows_than_neighbors(related: tuple[Task, Source]) -> None:
    """Two source rows are two neighbours."""
    task, source = related
    assert 0.0 <= KnnScore(k=5).estimate(task, replace(source, data=source.rows.take(np.arange(2))), Context()) <= 1.0
