"""Office-Caltech: the protocol gives the published numbers."""

from __future__ import annotations

import pytest

from benchmarks.adapting.digits_jda import EXACT as DIGITS
from benchmarks.adapting.digits_jda import prepared as digits
from benchmarks.adapting.office import EXACT, HELD, PUBLISHED, prepared
from benchmarks.adapting.published import accuracies
from benchmarks.adapting.transduction import nearest, percent


@pytest.mark.data
@pytest.mark.parametrize("pair", ["W-D", "D-W", "A-D"])
def test_nearest_neighbours_are_exact(pair: str, data_dir) -> None:
    """To the second decimal."""
    (S, ys), (T, yt) = (prepared(data_dir, pair[place]) for place in (0, 2))
    assert percent(nearest(S, ys, T), yt) == EXACT[pair]


@pytest.mark.data
def test_digits_are_exact(data_dir) -> None:
    """Both directions."""
    rows = digits(data_dir)
    for pair, value in DIGITS.items():
        (S, ys), (T, yt) = (rows[name] for name in pair.split("->"))
        assert percent(nearest(S, ys, T), yt) == value


@pytest.mark.data
def test_every_bar_has_its_published_number(data_dir) -> None:
    """With an average, and 1-NN's equal to our exact ones once rounded."""
    known = accuracies(data_dir / "office_caltech10_surf" / "reference_published.csv", ("method", "task"), "SURF")
    assert all("Average" in known[PUBLISHED[name]] for name in HELD)
    assert {pair: known["1NN"][pair] for pair in EXACT} == pytest.approx(EXACT, abs=0.051)
