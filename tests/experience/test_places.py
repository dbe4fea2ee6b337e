"""The static prior, and two orders made one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autotransfer.experience.places import fused, places
from autotransfer.experience.row import Row

ROW = Row("t", "d", "f", "s", "rows", "pooled", "accuracy", "table", "complete", gain=1.0)


def test_scores_are_standardised_within_a_task():
    """In one task 1 and 3 (scores ∓1/√2), in another a hundred times as far apart, the other way round."""
    rows = [ROW, replace(ROW, method="coral", gain=3.0)]
    assert places(rows) == pytest.approx({("pooled", "rows"): -(0.5**0.5), ("coral", "rows"): 0.5**0.5})
    again = [replace(ROW, task="u", gain=300.0), replace(ROW, task="u", method="coral", gain=100.0)]
    assert places(rows + again) == pytest.approx({("pooled", "rows"): 0.0, ("coral", "rows"): 0.0})


def test_failures_and_lonely_arms_say_nothing():
    assert places([replace(ROW, gain=None)]) == {}
    assert places([ROW]) == {("pooled", "rows"): 0.0}


@given(st.permutations(range(8)), st.permutations(range(8)))
def test_a_fused_order_holds_each_once_and_keeps_what_both_agree_on(one, other):
    found = fused(one, other)
    assert sorted(found) == list(range(8))
    for first in range(8):
        for second in range(8):
            if one.index(first) < one.index(second) and other.index(first) < other.index(second):
                assert found.index(first) < found.index(second)


def test_equal_orders_stay():
    assert fused([2, 0, 1], [2, 0, 1]) == [2, 0, 1]
