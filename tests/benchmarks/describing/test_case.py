"""Splits of classes: no row of an unseen class is learned from, and every class has its turn."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.describing.case import Case, part_of_each, shared_out


def test_every_class_is_unseen_once() -> None:
    assert sorted(label for split in shared_out(20, 5) for label in split) == list(range(20))
    assert [len(split) for split in shared_out(7, 3)] == [3, 3]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5])
def test_a_share_of_each_class_is_put_aside(share: float) -> None:
    y = np.repeat(np.arange(3), 8)
    np.testing.assert_array_equal(np.bincount(y[part_of_each(y, share)], minlength=3), np.full(3, 8 * share))


def test_unseen_rows_are_tested_on_and_never_learned_from(toy: Case) -> None:
    for task, test, unseen in toy.parts():
        assert not np.isin(task.train.labels, unseen).any()
        assert np.isin(test.labels, unseen).sum() == 24
        assert len(task.train) + len(test) == len(toy.y)
