"""Equal rows in two data sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.data import Dataset, Modality
from autotransfer.loading.duplicates import repeated, row_keys, telling_keys


def features(values: list[int]) -> Dataset:
    return Dataset("t", Modality.FEATURES, np.array(values, np.float32)[:, None])


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_repeated_is_membership(left, right):
    """repeated(A, keys(B))_i ⇔ A_i ∈ B."""
    assert repeated(features(left), row_keys(features(right))).tolist() == [value in right for value in left]


def test_rows_tell_while_half_of_them_differ():
    assert len(telling_keys(features([1, 1, 2, 2]))) == 4
    assert len(telling_keys(features([1, 1, 1, 2, 2]))) == 0
    assert len(telling_keys(features([]))) == 0


def test_image_files_are_equal_by_content(tmp_path):
    for name, content in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        (tmp_path / name).write_bytes(content)
    keys = row_keys(Dataset("i", Modality.IMAGE, np.array([str(tmp_path / name) for name in "abc"], dtype=object)))
    assert keys[0] == keys[1] != keys[2]
