"""What is to be predicted, where labels are not all of one kind."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Array, Modality
from autotransfer.errors import InputError
from autotransfer.loading.goal import find_goal
from autotransfer.problem import RawData

VALUES = [f"{value:.3f}" for value in np.random.default_rng(0).normal(size=40)]


def target(labels: list[str | None]) -> RawData:
    found: Array = np.array(labels, dtype=object)
    return RawData("t", Modality.FEATURES, np.zeros((len(labels), 1), np.float32), found)


def test_a_word_among_many_different_numbers_is_no_class():
    """It would make a class of each number."""
    with pytest.raises(InputError) as caught:
        find_goal(target([*VALUES, "unknown", None]), [], None)
    assert str(caught.value).startswith("t: the labels are 40 numbers and 1 words such as 'unknown'; correct or empty")


def test_a_metric_for_classes_settles_it():
    assert len(find_goal(target([*VALUES, "unknown"]), [], "accuracy").classes) == 41


@pytest.mark.parametrize("labels", [["1", "2", "3", "4+"] * 10, ["a", "b", *VALUES[:1]] * 8, [*VALUES[:5], *"abcdefg"]])
def test_numbers_that_repeat_or_are_few_may_be_names(labels):
    assert set(find_goal(target(labels), [], None).classes) == {str(float(x)) if "." in x else x for x in labels}
