"""The rows of a problem as tensors: order, labels, and a target without a source."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.data import Dataset, Modality
from autotransfer.nets.rows import gather, target_rows
from autotransfer.task import Task


def features(n: int, y: np.ndarray | None = None) -> Dataset:
    return Dataset("rows", Modality.FEATURES, np.random.default_rng(n).normal(size=(n, 3)).astype(np.float32), y)


def test_without_a_source_there_are_the_targets_rows_alone() -> None:
    """Labelled rows first, then those without labels; the form is theirs."""
    task = Task(features(5, np.arange(5) % 2), ("a", "b"), None, features(7))
    rows = gather(task, None, "cpu")
    assert (len(rows.S), rows.n_labeled, len(rows.T)) == (0, 5, 12)
    np.testing.assert_array_equal(rows.T[:5], rows.form.rows(task.train))
    np.testing.assert_array_equal(rows.T[5:], rows.form.rows(task.unlabeled))
    torch.testing.assert_close(rows.T.mean(dim=0), torch.zeros(3), atol=1e-6, rtol=0)


def test_values_are_standardised_by_the_labelled_rows() -> None:
    """Mean 0 and standard deviation 1, and back."""
    y = np.array([1.0, 3.0, 8.0])
    rows = gather(Task(features(3, y), None), None, "cpu")
    assert (rows.level, rows.spread) == (pytest.approx(y.mean()), pytest.approx(y.std()))
    np.testing.assert_allclose(rows.target_y * rows.spread + rows.level, y, rtol=1e-6)


def test_images_are_read_in_the_size_asked_for() -> None:
    images = Dataset("images", Modality.IMAGE, np.zeros((4, 9, 9), np.uint8), np.arange(4) % 2)
    assert gather(Task(images, ("a", "b")), None, "cpu", size=12).T.shape == (4, 144)


def test_training_rows_without_labels_count_as_unlabelled() -> None:
    labeled, others = target_rows(Task(features(4), ("a", "b"), None, features(3)))
    assert (len(labeled), [len(part) for part in others]) == (0, [4, 3])
