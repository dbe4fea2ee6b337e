"""scikit-learn's own data sets."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import datasets

from autotransfer.data import Modality
from autotransfer.errors import InputError
from autotransfer.problem import ReadOptions
from autotransfer.readers.sklearn_sets import NAMES, read


@pytest.mark.parametrize("name", NAMES)
def test_rows_and_labels_are_scikit_learns(name):
    raw = read(f"sklearn:{name}", ReadOptions())
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    assert raw.modality is (Modality.FEATURES if name == "digits" else Modality.TABLE)
    np.testing.assert_allclose(np.asarray(raw.inputs), X)
    if raw.class_names is None:
        np.testing.assert_array_equal(raw.labels, y)
    else:
        assert [raw.class_names.index(label) for label in raw.labels] == y.tolist()


def test_unknown_name():
    with pytest.raises(InputError, match=r"sklearn:irs: no such scikit-learn data set here; did you mean 'iris'\?"):
        read("sklearn:irs", ReadOptions())
