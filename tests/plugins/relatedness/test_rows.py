"""The rows that estimators look at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_relatedness.rows import choose, labeled_pair, principal_directions, unlabeled_pair
from sklearn.decomposition import PCA

from autotransfer.task import Context, Source, Task


def test_both_domains_count_the_same_in_the_scale(shifted: tuple[Task, Source]) -> None:
    """After scaling (mean S + mean T) / 2 = 0 and (E S^2 + E T^2) / 2 = 1 for each column, 400 rows against 150."""
    S, T = unlabeled_pair(*shifted, Context(seed=0), cap=1000, dims=10)
    np.testing.assert_allclose(S.mean(axis=0) + T.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(0.5 * ((S**2).mean(axis=0) + (T**2).mean(axis=0)), 1.0)


def test_rows_and_labels_stay_together_under_the_cap(related: tuple[Task, Source]) -> None:
    """Labels are the sign of the first column before sampling, and after it."""
    task, source = related
    pair = labeled_pair(task, source, Context(seed=0), cap=50, dims=10)
    assert len(pair.source) == len(pair.target) == 50
    edge = pair.source[pair.source_y == 1, 0].min()
    assert pair.source[pair.source_y == 0, 0].max() < edge


def test_choose_is_sorted_unique_and_seeded() -> None:
    """At most cap distinct positions, the same for the same seed."""
    rows = choose(np.random.default_rng(1), 100, 10)
    assert len(np.unique(rows)) == 10
    assert np.array_equal(rows, np.sort(rows))
    assert np.array_equal(rows, choose(np.random.default_rng(1), 100, 10))
    assert np.array_equal(choose(np.random.default_rng(1), 5, 10), np.arange(5))


def test_projection_keeps_pairwise_distances_of_low_rank_rows(related: tuple[Task, Source]) -> None:
    """Rank-5 rows in 40 columns: the 5 leading directions hold all of the (scaled) distances."""
    task, source = related
    mixing = np.random.default_rng(5).normal(size=(5, 40))
    wide_task = replace(task, train=replace(task.train, inputs=task.train.X @ mixing))
    wide_source = replace(source, data=replace(source.rows, inputs=source.rows.X @ mixing))
    full = unlabeled_pair(wide_task, wide_source, Context(seed=0), cap=1000, dims=40)
    small = unlabeled_pair(wide_task, wide_source, Context(seed=0), cap=1000, dims=5)
    assert small[0].shape[1] == 5
    for a, b in zip(full, small, strict=True):
        np.testing.assert_allclose(
            np.linalg.norm(a[0] - a[1:], axis=1), np.linalg.norm(b[0] - b[1:], axis=1), rtol=1e-4
        )


@pytest.mark.parametrize("shape", [(300, 40), (30, 400), (1200, 1100)], ids=["tall", "wide", "large"])
def test_principal_directions(shape: tuple[int, int]) -> None:
    """Orthonormal, and they hold the variance that scikit-learn's exact PCA holds; exact or randomised."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=shape) * np.where(np.arange(shape[1]) < 5, 20.0, 1.0)
    found = principal_directions(X, 5, seed=0)
    np.testing.assert_allclose(found.T @ found, np.eye(5), atol=1e-4)
    held = np.var((X - X.mean(axis=0)) @ found, axis=0).sum()
    assert held == pytest.approx(np.var(PCA(5, svd_solver="full").fit_transform(X), axis=0).sum(), rel=1e-3)


def test_constant_rows_keep_a_column() -> None:
    """Nothing varies, but rows without columns would be no rows."""
    assert principal_directions(np.ones((10, 30)), 5, seed=0).shape == (30, 1)
