"""Standings within a task."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, zscore

from autotransfer.foresight.standings import standings


def test_standard_and_normal_score() -> None:
    """The mean of both, by SciPy; tasks do not see each other; order is kept; alike is 0."""
    rng = np.random.default_rng(0)
    gain, tasks = rng.exponential(size=30), np.repeat(["a", "b", "c"], 10)
    gain[20:] = 7.0
    found = standings(tasks, gain)
    for task in ("a", "b"):
        values = gain[tasks == task]
        places = values.argsort().argsort() + 0.5
        expected = (zscore(values) + norm.ppf(places / len(values))) / 2
        np.testing.assert_allclose(found[tasks == task], expected)
        np.testing.assert_array_equal(found[tasks == task].argsort(), values.argsort())
    np.testing.assert_array_equal(found[20:], 0.0)
    np.testing.assert_allclose(standings(tasks, gain * 100 + 5), found)
