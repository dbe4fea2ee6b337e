"""The simulation of the guard: what counts as harm, and what the bars say."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.guard import ACCURACY, ROWS, Cell, bars, simulated_run


def test_harm_is_what_is_truly_worse_by_more_than_a_point() -> None:
    """Shipping at -9 points alone is harm; its average is harm by its own true gain."""
    assert Cell(60, -0.09, 0.01, 0.02, -0.02).harmful == pytest.approx(0.03)
    assert Cell(60, -0.09, 0.01, 0.02, +0.01).harmful == pytest.approx(0.01)
    assert Cell(60, -0.005, 0.5, 0.5, 0.01).harmful == 0.0


def test_bars_take_the_worst_cell_and_the_power() -> None:
    cells = [Cell(n, gain, share, 0.0, gain) for n in ROWS for gain, share in ((-0.09, 0.04), (0.10, 0.8))]
    found = {bar.name: bar for bar in bars(cells)}
    assert found["harmful decisions, worst cell"].value == 0.04
    assert found["shipped at +10 points, 60 rows"].met
    assert not found["shipped at +10 points, 300 rows"].met


def test_the_best_candidate_has_the_stated_accuracy() -> None:
    """P(right) = a for the first of each side: 0.7 without transfer, 0.7 + gain with it, to 3 standard errors."""
    found = simulated_run(20_000, 0.1, np.random.default_rng(0), per_side=2)
    for side, expected in ((found.transfer, 0.8), (found.baseline, 0.7)):
        assert ACCURACY.score(found.y, side[0][0]) == pytest.approx(expected, abs=3 * 0.46 / np.sqrt(20_000))
