"""Mutual information of rows and predicted classes."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_validators.information_maximization import InformationMaximization
from scipy import stats


def score(make, rows):
    return InformationMaximization().score(make(target=rows))


def test_it_is_the_mutual_information(make, drawn):
    """I(row; class) = KL(joint || product of margins), the joint giving each row 1 / n."""
    joint = drawn / len(drawn)
    product = np.outer(joint.sum(1), joint.sum(0))
    assert score(make, drawn) == pytest.approx(stats.entropy(joint.ravel(), product.ravel()), rel=1e-10)


def test_it_goes_from_0_to_log_c(make, sure):
    assert score(make, sure) == pytest.approx(np.log(4))
    assert score(make, np.full((9, 4), 0.25)) == pytest.approx(0.0, abs=1e-12)


def test_a_collapse_to_one_class_says_nothing(make):
    """What entropy alone cannot see."""
    assert score(make, np.eye(4)[np.zeros(30, int)]) == 0.0


def test_one_row_says_nothing_and_none_is_undefined(make, drawn):
    assert score(make, drawn[:1]) == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(score(make, drawn[:0]))
