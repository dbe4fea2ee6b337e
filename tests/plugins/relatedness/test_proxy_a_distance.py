"""Proxy A-distance."""

from __future__ import annotations

import numpy as np
from autotransfer_relatedness.proxy_a_distance import ProxyADistance
from scipy.stats import norm

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.task import Context, Source, Task


def _distance(shift: float, m: int = 600, n: int = 600) -> float:
    rng = np.random.default_rng(0)
    S, T = rng.normal(size=(m, 4)), rng.normal(size=(n, 4))
    S[:, 0] += shift
    task = Task(Dataset("t", Modality.FEATURES, T), None)
    source = Source("s", Asset.SOURCE_INPUTS, Dataset("s", Modality.FEATURES, S))
    return ProxyADistance().estimate(task, source, Context(seed=0))


def test_equals_the_value_of_the_best_linear_classifier() -> None:
    """N(0, 1) against N(a, 1): the Bayes error is Phi(-a / 2), so the distance is 2 (1 - 2 Phi(-a / 2))."""
    for shift in (1.0, 2.0):
        assert abs(_distance(shift) - 2 * (1 - 2 * norm.cdf(-shift / 2))) < 0.15


def test_near_zero_and_near_two() -> None:
    """Lower is better: about 0 for one distribution, 2 for separable ones."""
    assert _distance(0.0) < 0.2
    assert _distance(30.0) == 2.0


def test_class_sizes_do_not_matter() -> None:
    """Balanced error: 1000 source rows against 40 of the same distribution are no distance."""
    assert _distance(0.0, m=1000, n=40) < 0.5
    assert _distance(30.0, m=1000, n=40) == 2.0
