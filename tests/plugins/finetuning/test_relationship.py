"""Bayes' rule on worlds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_finetuning.relationship import learned, softmax


def scores(y: np.ndarray, place: np.ndarray, classes: int, strength: float) -> np.ndarray:
    """What a source's classifier says: strongly one of its classes, and a little noise."""
    rng = np.random.default_rng(0)
    found = rng.normal(0, 0.3, (len(y), classes))
    found[np.arange(len(y)), place] += strength
    return found


def test_rows_are_probabilities_also_of_absent_classes() -> None:
    y = np.arange(30) % 2
    found = learned(scores(y, y, 5, 3.0), y, 4, 0)
    assert found.shape == (4, 5)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert (found >= 0).all()


def test_each_class_finds_its_own_source_classes() -> None:
    """Target class 0 is seen as source class 3, class 1 half as class 1 and half as class 2."""
    y = np.arange(120) % 2
    place = np.where(y == 0, 3, 1 + (np.arange(120) // 2) % 2)
    found = learned(scores(y, place, 5, 6.0), y, 2, 0)
    assert found[0].argmax() == 3
    assert found[0, 3] > 0.7
    assert set(found[1].argsort()[-2:]) == {1, 2}
    np.testing.assert_allclose(found[1, 1], found[1, 2], atol=0.1)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_classifier_that_says_nothing_gives_its_marginal(seed: int) -> None:
    """All rows alike: p(source class | target class) is p(source class)."""
    y = np.arange(60) % 3
    same = np.tile(np.array([[2.0, 0.0, 1.0]]), (60, 1))
    np.testing.assert_allclose(learned(same, y, 3, seed), np.tile(softmax(same[:1]), (3, 1)), atol=0.02)


def test_one_class_alone_is_no_error() -> None:
    assert np.isfinite(learned(np.zeros((4, 3)), np.zeros(4, np.int64), 2, 0)).all()
