"""Mean entropy of target predictions, against scipy and in cases known by heart."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.entropy import Entropy, entropies
from scipy import stats


def test_it_is_minus_the_mean_entropy(make, drawn):
    expected = -np.mean([stats.entropy(row) for row in drawn])
    assert Entropy().score(make(target=drawn)) == pytest.approx(expected, rel=1e-12)


def test_sure_rows_have_none_and_even_ones_log_c(make, sure):
    assert Entropy().score(make(target=sure)) == 0.0
    assert Entropy().score(make(target=np.full((5, 4), 0.25))) == pytest.approx(-np.log(4))


def test_being_sure_of_one_class_looks_as_good_as_being_right(make, sure):
    """The validator's known weakness: all rows in one class are as sure as can be."""
    collapsed = np.eye(4)[np.zeros(60, int)]
    assert Entropy().score(make(target=collapsed)) == Entropy().score(make(target=sure))


def test_no_rows_have_no_entropy(make):
    assert np.isnan(Entropy().score(make(target=np.empty((0, 3)))))


def test_zero_probabilities_add_nothing():
    np.testing.assert_array_equal(entropies(np.array([[1.0, 0.0], [0.5, 0.5]])), [0.0, np.log(2)])
