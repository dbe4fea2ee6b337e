"""Classes or values."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.errors import InputError
from autotransfer.loading.kind import holds_values

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (np.array(["a", "b"] * 20, dtype=object), False),
        (np.arange(40.0) % 2, False),
        (np.arange(100.0) % 10, False),
        (np.array([0.5, 1.5] * 20), False),
        (np.arange(15.0), False),
        (np.repeat(np.arange(50.0), 100), False),
        (RNG.normal(size=30), True),
        (RNG.normal(size=12), True),
        (RNG.integers(0, 1000, 60).astype(float), True),
        (RNG.choice(1000, 15, replace=False).astype(float), True),
        (np.array([np.nan, *RNG.normal(size=30)]), True),
    ],
)
def test_rule(labels, expected):
    assert holds_values("t", labels) is expected


def test_the_metric_decides():
    assert holds_values("t", np.arange(40.0) % 6, "rmse")
    assert not holds_values("t", RNG.normal(size=40), "accuracy")
    with pytest.raises(
        InputError, match="t: --metric rmse is for numbers, the labels are words; choose another metric"
    ):
        holds_values("t", np.array(["a"], dtype=object), "rmse")
