"""One spelling for each label."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.loading.labels import class_indices, class_order, labeled, spelled


@given(st.integers(-(2**53), 2**53))
def test_forms_of_a_whole_number_are_one(number):
    forms = np.array(
        [number, float(number), str(number), f" {number} ", f"{number}.0", np.float64(number)], dtype=object
    )
    assert set(spelled(forms)) == {str(number)}


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_spelling_loses_nothing(number):
    """float(spell(x)) = x, and spell ∘ spell = spell."""
    once = spelled(np.array([number]))
    assert float(once[0]) == number
    assert spelled(once)[0] == once[0]


def test_missing_and_odd_labels():
    assert spelled(np.array([np.nan, None, "nan", "inf", "1_0", " a b "], dtype=object)).tolist() == [
        None, None, None, "inf", "1_0", "a b",
    ]  # fmt: skip
    assert labeled(np.array([1.0, np.nan]), 2).tolist() == [True, False]
    assert labeled(np.array(["a", None], dtype=object), 2).tolist() == [True, False]
    assert labeled(None, 2).tolist() == [False, False]


@given(st.lists(st.integers(-50, 50), min_size=1))
def test_numbers_are_ordered_as_numbers(numbers):
    assert class_order(map(str, numbers)) == tuple(map(str, sorted(set(numbers))))


@given(st.lists(st.text("abc", min_size=1), min_size=1))
def test_indices_point_at_the_names(names):
    classes = class_order(names)
    assert classes == tuple(sorted(set(names)))
    assert [classes[i] for i in class_indices(np.array(names, dtype=object), classes)] == names
    assert class_indices(np.array(["?"], dtype=object), classes).tolist() == [-1]
