"""Rows given from Python."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.loading.plain import plain_data
from autotransfer.problem import RawData

IMAGES = np.zeros((3, 4, 4), np.uint8)


@pytest.mark.parametrize(
    ("modality", "inputs"),
    [
        (Modality.FEATURES, np.ones((3, 2), int)),
        (Modality.IMAGE, IMAGES),
        (Modality.IMAGE, np.array(["a.png"] * 3)),
        (Modality.TEXT, ["x", "y", "z"]),
        (Modality.TABLE, pd.DataFrame({0: [1, 2, 3]})),
    ],
)
def test_good_forms(modality, inputs):
    raw = plain_data(RawData("t", modality, inputs, np.array([1, 0, 1])))
    assert len(raw.inputs) == 3
    assert raw.labels.dtype == np.float64
    assert not isinstance(raw.inputs, pd.DataFrame) or list(raw.inputs.columns) == ["0"]


@pytest.mark.parametrize(
    ("modality", "inputs", "message"),
    [
        (Modality.TABLE, np.ones((3, 2)), "a table must be a pandas DataFrame, not ndarray"),
        (Modality.TABLE, pd.DataFrame([[1, 2]] * 3, columns=["x", "x"]), "two columns have the same name"),
        (Modality.FEATURES, np.full((3, 1), np.nan), "3 rows of the input hold NaN"),
        (Modality.FEATURES, np.array([["a"]] * 3, dtype=object), "features rows must be numbers, shape (n, d)"),
        (Modality.FEATURES, IMAGES, "holds image, not features"),
        (Modality.TEXT, np.array([1, "b", "c"], dtype=object), "text rows must be strings, shape (n,)"),
        (Modality.TEXT, ["x", "y"], "3 labels for 2 rows; give one label a row"),
    ],
)
def test_bad_forms_are_named(modality, inputs, message):
    with pytest.raises(InputError) as caught:
        plain_data(RawData("t", modality, inputs, np.array([1, 0, 1])))
    assert message in str(caught.value)
