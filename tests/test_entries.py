"""Rows with several labels: as entries, and packed again by row."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from autotransfer.entries import entries_of, packed, packed_truth, rows_of, strata


@pytest.fixture
def data() -> Dataset:
    """Rows 3, 5 and 9 with two, one and three labels."""
    task, row = np.array([0, 2, 1, 0, 1, 2]), np.array([3, 3, 5, 9, 9, 9])
    X = row[:, None].astype(float)
    return Dataset("rows", Modality.FEATURES, X, np.array([1.0, 2.5, 0.0, 1.0, 1.0, -2.0]), task=task, row=row)


def test_packing_keeps_every_label_and_marks_the_missing_ones(data):
    truth = packed_truth(data, np.arange(6))
    assert truth.shape == (3, 3, 2)
    assert np.isnan(truth[0, 2]).all()
    assert np.isnan(truth[1, 1:]).all()
    known = truth[np.isfinite(truth[..., 0])]
    assert np.array_equal(known, np.column_stack([data.task, data.y]))


def test_packing_of_some_entries_is_as_wide_as_of_all(data):
    assert packed(data, np.array([2]), np.array([[0.5, 0.5]])).tolist() == [[[0.5, 0.5], [0.0, 0.0], [0.0, 0.0]]]
    assert packed(data, np.empty(0, np.int64), np.empty((0, 2))).shape == (0, 3, 2)


def test_rows_of_one_label_are_packed_as_they_are():
    data = Dataset("rows", Modality.FEATURES, np.zeros((3, 1)), np.array([0.0, 1.0, 2.0]), task=np.array([1, 0, 1]))
    assert packed_truth(data, np.array([0, 2]))[:, 0].tolist() == [[1.0, 0.0], [1.0, 2.0]]
    assert rows_of(data).tolist() == [0, 1, 2]


def test_strata_are_those_of_the_first_label(data):
    """Row 3 and row 9 both begin with class 1 of task 0; row 5 has task 1."""
    found, place = strata(data)
    assert found.tolist() == [0, 1, 0]
    assert place.tolist() == [0, 0, 1, 2, 2, 2]
    assert entries_of(place, np.array([0, 2])).tolist() == [0, 1, 3, 4, 5]


def test_take_keeps_tasks_and_rows(data):
    taken = data.take(np.array([4, 1]))
    assert (taken.task.tolist(), taken.row.tolist()) == ([1, 2], [9, 3])
    assert taken.without_labels().task is not None


def test_one_task_has_no_pairs():
    with pytest.raises(TypeError, match="labelled for one task"):
        packed_truth(Dataset("rows", Modality.FEATURES, np.zeros((1, 1)), np.zeros(1)), np.array([0]))
