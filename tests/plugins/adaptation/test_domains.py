"""Rows, scales and weights that all methods share."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from autotransfer_adaptation.domains import gather, pooled_weights, thinned

from autotransfer.task import Context


def test_target_rows_are_those_with_labels_then_those_without(shift) -> None:
    """T = [labelled; unlabelled], target_y belongs to its head."""
    task, source, _ = shift(n_labeled=12, n_unlabeled=30)
    domains = gather(task, source, "joint")
    np.testing.assert_array_equal(domains.T, np.concatenate([task.train.X, task.unlabeled.X]))
    assert domains.n_labeled == 12


def test_train_rows_without_labels_are_still_target_rows(shift) -> None:
    """task.train may hold inputs alone."""
    task, source, _ = shift(n_labeled=12, n_unlabeled=30)
    domains = gather(replace(task, train=task.train.without_labels()), source, "joint")
    assert (len(domains.T), domains.n_labeled) == (42, 0)


def test_each_pooled_source_is_scaled_as_a_domain(shift) -> None:
    """Per domain: every group of source rows, and the target, has mean 0; the rows given are left alone."""
    task, source, _ = shift(n_labeled=12, n_unlabeled=30)
    before = source.rows.X.copy()
    pooled = replace(source, data=replace(source.rows, domain=np.repeat([0, 1], [100, 200])))
    domains = gather(task, pooled, "per_domain")
    for part in (domains.S[:100], domains.S[100:], domains.T):
        np.testing.assert_allclose(part.mean(axis=0), 0.0, atol=1e-9)
    np.testing.assert_array_equal(source.rows.X, before)
    np.testing.assert_allclose(domains.scaler.transform(task.train.X), domains.T[:12])


def test_without_target_rows_there_is_nothing_to_align_with(shift) -> None:
    """The source alone is no pair of distributions."""
    task, source, _ = shift(n_unlabeled=0)
    assert not gather(task, source, "per_domain").can_align
    assert gather(*shift()[:2], "joint").can_align


@pytest.mark.parametrize("n", [1, 10])
def test_total_target_weight(n: int) -> None:
    """sum of target weights = target_weight * sum of source weights."""
    weights = pooled_weights(np.array([1.0, 2.0, 3.0]), n, 0.5)
    assert weights[3:].sum() == pytest.approx(3.0)
    assert len(pooled_weights(np.ones(4), 0, 2.0)) == 4


def test_thinning_keeps_labelled_rows_first(shift) -> None:
    """50 of 300 and 50 of 212 rows, the 12 labelled ones among them; the same at every call."""
    domains = gather(*shift(n_labeled=12)[:2], "joint")
    few, again = (thinned(domains, 50, Context(seed=3)) for _ in range(2))
    assert (len(few.S), len(few.T), few.n_labeled) == (50, 50, 12)
    np.testing.assert_array_equal(few.T[:12], domains.T[:12])
    np.testing.assert_array_equal(few.S, again.S)
