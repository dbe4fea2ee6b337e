"""CORAL distance."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_relatedness.coral_distance import CoralDistance

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Context, Source, Task


def _distance(S: Array, T: Array) -> float:
    task = Task(Dataset("t", Modality.FEATURES, T), None)
    return CoralDistance().estimate(
        task, Source("s", Asset.SOURCE_INPUTS, Dataset("s", Modality.FEATURES, S)), Context()
    )


def test_equals_the_definition() -> None:
    """||C_S - C_T||_F^2 / (4 d^2) with covariances as explicit sums; columns arrive on the joint scale."""
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(80, 3)) @ rng.normal(size=(3, 3)), rng.normal(size=(50, 3))
    center = (S.mean(axis=0) + T.mean(axis=0)) / 2
    spread = np.sqrt((((S - center) ** 2).mean(axis=0) + ((T - center) ** 2).mean(axis=0)) / 2)
    covariances = []
    for X in (S / spread, T / spread):
        C = sum(np.outer(x - X.mean(axis=0), x - X.mean(axis=0)) for x in X) / (len(X) - 1)
        covariances.append(C)
    expected = np.linalg.norm(covariances[0] - covariances[1], "fro") ** 2 / (4 * 9)
    assert _distance(S, T) == pytest.approx(expected)


def test_zero_for_equal_rows_and_larger_for_other_correlations() -> None:
    """0 for S = T; larger when the source's columns are correlated and the target's are not."""
    X = np.random.default_rng(1).normal(size=(400, 4))
    correlated = X[:200] @ (np.eye(4) + 0.8)
    assert _distance(X, X) == 0.0
    assert _distance(X[:200], X[200:]) < _distance(correlated, X[200:])
