"""The nuclear norm of the prediction matrix."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.batch_nuclear_norm import BatchNuclearNorm


def score(make, rows):
    return BatchNuclearNorm().score(make(target=rows))


def test_it_is_numpys_nuclear_norm_a_row(make, drawn):
    assert score(make, drawn) == pytest.approx(np.linalg.norm(drawn, "nuc") / 60, rel=1e-12)


def test_sure_and_even_predictions_reach_the_bound(make, sure):
    """One-hot columns are orthogonal with norms sqrt(n / C): the sum is C sqrt(n / C) = sqrt(n C)."""
    assert score(make, sure) == pytest.approx(np.sqrt(60 * 4) / 60)


def test_one_class_for_all_rows_has_one_singular_value(make, sure):
    collapsed = np.eye(4)[np.zeros(60, int)]
    assert score(make, collapsed) == pytest.approx(np.sqrt(60) / 60)
    assert score(make, np.full((60, 4), 0.25)) < score(make, collapsed) < score(make, sure)


def test_one_row_and_none(make, drawn):
    assert score(make, drawn[:1]) == pytest.approx(np.linalg.norm(drawn[0]))
    assert np.isnan(score(make, drawn[:0]))
