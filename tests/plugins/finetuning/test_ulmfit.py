"""The schedule is the paper's formula in steps; blocks join from the head down."""

from __future__ import annotations

from collections.abc import Callable
from math import floor

import pytest
from autotransfer_finetuning.ulmfit import SlantedTriangular, Ulmfit

from autotransfer.testing.problems import ToyProblem
from autotransfer.tuning import Tuning


@pytest.mark.parametrize("total", [100, 1000])
def test_the_rate_is_that_of_section_3_2(total: int) -> None:
    """cut = floor(T cut_frac), p = t / cut or 1 - (t - cut) / (cut (1 / cut_frac - 1)), (1 + p (ratio - 1)) / ratio."""
    cut_frac, ratio = 0.1, 32
    cut = floor(total * cut_frac)
    for t in range(total):
        p = t / cut if t < cut else 1 - (t - cut) / (cut * (1 / cut_frac - 1))
        assert SlantedTriangular().factor(t / total) == pytest.approx((1 + p * (ratio - 1)) / ratio)


@pytest.mark.parametrize(("epochs", "since"), [(10, 0.1), (1, 0.5)])
def test_blocks_have_a_rate_and_a_beginning_each(
    problem: ToyProblem, begin: Callable[[ToyProblem], Tuning], epochs: int, since: float
) -> None:
    """The last from the start, the first an epoch later, or, where there is one epoch only, after half of it."""
    tuning = begin(problem)
    parameters = tuning.parameters()
    groups = Ulmfit(epochs=epochs, divisor=2.0).groups(tuning)
    of = {id(parameter): group for group in groups for parameter in group.parameters}
    first, last = (of[id(parameters[block[0]])] for block in tuning.blocks)
    assert (first.rate, last.rate) == (0.5, 1.0)
    assert (first.since, last.since) == (pytest.approx(since), 0.0)
