"""Class-conditional MMD."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from autotransfer_relatedness.class_mmd import ClassConditionalMmd
from autotransfer_relatedness.mmd import MaximumMeanDiscrepancy
from autotransfer_relatedness.rows import labeled_pair
from scipy.spatial.distance import cdist, pdist

from autotransfer.task import Context, Source, Task


def unbiased(S: np.ndarray, T: np.ndarray, median: float) -> float:
    """Double sums over pairs of different rows, five exponentials written out."""

    def kernel(A: np.ndarray, B: np.ndarray) -> np.ndarray:
        return np.mean([np.exp(-cdist(A, B, "sqeuclidean") / (b * median)) for b in (0.25, 0.5, 1, 2, 4)], axis=0)

    ss, tt, st = kernel(S, S), kernel(T, T), kernel(S, T)
    m, n = len(S), len(T)
    return (ss.sum() - np.trace(ss)) / (m * (m - 1)) + (tt.sum() - np.trace(tt)) / (n * (n - 1)) - 2 * st.mean()


def test_equals_the_definition(shifted: tuple[Task, Source]) -> None:
    """sum_c w_c MMD^2(S_c, T_c), w_c the share of class c among the target's rows."""
    pair = labeled_pair(*shifted, Context(seed=0), cap=2000, dims=512)
    median = np.median(pdist(np.concatenate([pair.source, pair.target]), "sqeuclidean"))
    expected = sum(
        np.mean(pair.target_y == c) * unbiased(pair.source[pair.source_y == c], pair.target[pair.target_y == c], median)
        for c in (0, 1)
    )
    assert ClassConditionalMmd().estimate(*shifted, Context(seed=0)) == pytest.approx(expected, rel=1e-9)


def test_it_sees_what_mmd_does_not(related: tuple[Task, Source], reversed_concept: tuple[Task, Source]) -> None:
    """Equal rows under exchanged labels: nothing for MMD, far apart class by class."""
    assert abs(MaximumMeanDiscrepancy().estimate(*reversed_concept, Context(seed=0))) < 0.01
    assert abs(ClassConditionalMmd().estimate(*related, Context(seed=0))) < 0.02
    assert ClassConditionalMmd().estimate(*reversed_concept, Context(seed=0)) > 0.1


def test_classes_that_one_side_lacks_do_not_count(related: tuple[Task, Source]) -> None:
    """Without the source's rows of class 1 it is MMD^2 of class 0; without any shared class it is undefined."""
    task, source = related
    lacking = replace(source, data=source.rows.take(source.rows.labels == 0))
    pair = labeled_pair(task, lacking, Context(seed=0), cap=2000, dims=512)
    median = np.median(pdist(np.concatenate([pair.source, pair.target]), "sqeuclidean"))
    expected = unbiased(pair.source, pair.target[pair.target_y == 0], median)
    assert ClassConditionalMmd().estimate(task, lacking, Context(seed=0)) == pytest.approx(expected, rel=1e-9)
    other = replace(task, train=task.train.take(task.train.labels == 1))
    assert math.isnan(ClassConditionalMmd().estimate(other, lacking, Context(seed=0)))
