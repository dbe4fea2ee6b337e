"""Timing in processes of their own."""

from __future__ import annotations

import numpy as np
import pytest
from autotransfer_adaptation.coral import Coral

from benchmarks.adapting.speed import Contest, row, rows_of, timed
from benchmarks.adapting.transduction import NEAREST


class _Adapter:
    """Answers after some work."""

    def fit_transform(self, X, y, sample_domain):
        assert (sample_domain > 0).sum() == np.sum(y >= 0)
        return X * (sum(range(3_000_000)) > 0)


def _turn() -> None:
    while True:
        pass


def test_an_action_that_takes_too_long_is_ended() -> None:
    """After a second of processor time; the figure is then that second."""
    processor, wall = timed(_turn, seconds=1)
    assert processor == 1.0
    assert wall >= 1.0


def test_a_short_action_is_timed() -> None:
    """Less than it was given, and not nothing."""
    processor, wall = timed(lambda: sum(range(5_000_000)), seconds=30)
    assert 0 < processor < 30
    assert wall > 0


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_row_names_both_sides() -> None:
    """Its ratio is ours over theirs."""
    S, y, T = rows_of(20)
    found = row(Contest("CORAL", Coral(NEAREST), _Adapter), S, y, T)
    assert found["method"] == "CORAL"
    assert found["ours / theirs"] > 0
