"""Source validation is the run's metric on held-out source rows, whatever the metric."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.source_validation import SourceValidation
from sklearn import metrics


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", lambda y, P: metrics.accuracy_score(y, P.argmax(1))),
        ("f1_macro", lambda y, P: metrics.f1_score(y, P.argmax(1), average="macro")),
        ("log_loss", lambda y, P: -metrics.log_loss(y, P, labels=range(4))),
    ],
)
def test_it_is_the_metric(make, drawn, rng, name, expected):
    y = rng.integers(4, size=60)
    assert SourceValidation().score(make(held=drawn, y=y, metric=name)) == pytest.approx(expected(y, drawn))


def test_values_have_their_error_with_a_minus_sign(make, rng):
    y, found = rng.normal(size=(2, 30))
    expected = -np.sqrt(np.mean((y - found) ** 2))
    assert SourceValidation().score(make(held=found, y=y, metric="rmse")) == pytest.approx(expected)


def test_without_rows_it_is_undefined(make, drawn):
    assert np.isnan(SourceValidation().score(make(target=drawn)))
