"""Episodes as tensors."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_fewshot.episodes import Episodes
from autotransfer_fewshot.lessons import AUGMENTATIONS, Lessons, augmented, form_and_rows

from autotransfer.data import Dataset, Modality
from autotransfer.nets import ImageForm
from autotransfer.nets.seeding import reproducible


def images(n: int = 24, classes: int = 6) -> Dataset:
    rng = np.random.default_rng(0)
    return Dataset("images", Modality.IMAGE, rng.integers(0, 256, (n, 28, 28), dtype=np.uint8), np.arange(n) % classes)


def test_a_number_gives_the_same_rows_and_classes_in_their_order() -> None:
    data = images()
    form, X = form_and_rows(data, 28, "cpu")
    lessons = Lessons(form, X, Episodes.of(data, 3, 1, 2), "none", seed=1)
    one, two, other = lessons.of(4), lessons.of(4), lessons.of(5)
    assert all(torch.equal(a, b) for a, b in zip(one, two, strict=True))
    assert not torch.equal(one.support, other.support)
    assert one.support_y.tolist() == [0, 1, 2]
    assert one.query_y.tolist() == [0, 0, 1, 1, 2, 2]


def test_turns_are_quarter_turns() -> None:
    """Four quarters are none; NumPy's rot90 is the reference."""
    form, X = form_and_rows(images(8), 28, "cpu")
    found = augmented(form, X, "none", np.arange(8) % 4)
    for row, turned, quarters in zip(X, found, np.arange(8) % 4, strict=True):
        expected = np.rot90(row.view(28, 28).numpy(), quarters)
        np.testing.assert_array_equal(turned.view(28, 28).numpy(), expected)


@pytest.mark.parametrize("augment", AUGMENTATIONS)
def test_augmentations_keep_form_and_range(augment: str) -> None:
    form, X = form_and_rows(images(8), 28, "cpu")
    assert isinstance(form, ImageForm)
    with reproducible(0, "cpu"):
        found = augmented(form, X, augment)
    assert found.shape == X.shape
    assert found.min() >= X.min() - 1e-4
    assert found.max() <= X.max() + 1e-4
    assert torch.equal(found, X) is (augment == "none")
