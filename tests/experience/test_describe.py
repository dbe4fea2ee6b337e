"""Descriptors against counts made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.encoders.standard import StandardEncoder
from autotransfer.experience.describe import about, kind, known
from autotransfer.problem import Problem
from autotransfer.task import Source

TARGET = Dataset("t", Modality.FEATURES, np.zeros((8, 5)), np.array([0] * 6 + [1] * 2))
SOURCE = Source("s", Asset.SOURCE_INPUTS, Dataset("s", Modality.FEATURES, np.zeros((40, 5)), np.zeros(40, int)))
POOL = Source("all", Asset.SOURCE_INPUTS, replace(SOURCE.rows, domain=np.arange(40) % 4))
PROBLEM = Problem("p", TARGET, ("a", "b"), (SOURCE, POOL), unlabeled=TARGET.without_labels())


def test_counts():
    """The entropy of (3/4, 1/4) in bits is 2 - 3/4 log2(3) = 0.811278."""
    found = about(PROBLEM, POOL)
    assert found.pop("imbalance") == pytest.approx(1 - 0.8112781, abs=1e-6)
    assert found == {
        "target_rows": 8,
        "unlabeled": 8,
        "classes": 2,
        "rows_per_class": 4,
        "width": 5,
        "source_rows": 40,
        "source_domains": 4,
        "size_ratio": 5,
    }


def test_what_is_undefined_is_absent():
    values = Problem("p", replace(TARGET, y=np.linspace(0, 1, 8)), None, (SOURCE,))
    assert "imbalance" not in about(values, SOURCE)
    texts = Dataset("t", Modality.TEXT, np.array(["a"] * 8, dtype=object), TARGET.y)
    assert "width" not in about(replace(PROBLEM, target=texts), SOURCE)
    assert "source_rows" not in about(PROBLEM, Source("m", Asset.PRETRAINED, encoder=StandardEncoder()))
    table = Dataset("t", Modality.TABLE, pd.DataFrame({"x": range(8), "z": range(8)}), TARGET.y)
    assert about(replace(PROBLEM, target=table), SOURCE)["width"] == 2


def test_kinds():
    assert kind(SOURCE) == "rows"
    assert kind(POOL) == "pool"
    assert kind(Source("m", Asset.PRETRAINED, encoder=StandardEncoder())) == "encoder"


def test_estimates_without_a_value_are_left_out():
    assert known({"mmd": 1.0, "leep": None, "parc": float("nan")}) == {"mmd": 1.0}
