"""The geometry of the bars."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autotransfer.render.chart import LEFT, RIGHT, chart
from autotransfer.report import Bar, Bars

GAINS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=12)


def _chart(gains):
    return chart(Bars("t", tuple(Bar(f"arm {gain}", gain, gain - 0.5, gain + 0.5) for gain in gains)))


@given(GAINS)
def test_everything_is_inside_the_plot(gains):
    drawn = _chart(gains)
    places = [x for mark in drawn.marks for x in (mark.x, mark.low, mark.high)] + [tick.x for tick in drawn.ticks]
    assert all(LEFT <= x <= RIGHT for x in places if x is not None)


@given(GAINS)
def test_bars_start_at_zero_and_point_the_right_way(gains):
    """A gain's bar spans zero's place and the gain's."""
    drawn = _chart(gains)
    (zero,) = (tick.x for tick in drawn.ticks if tick.zero)
    for mark, gain in zip(drawn.marks, gains, strict=True):
        assert abs((mark.x + (mark.width if gain < 0 else 0)) - zero) <= 1.1


def test_order_along_the_axis_is_the_order_of_the_values():
    ends = [mark.x + mark.width for mark in _chart([0.4, 0.3, 0.1]).marks]
    assert ends == sorted(ends, reverse=True)


def test_one_hopeless_arm_does_not_squeeze_the_others():
    drawn = chart(Bars("t", (Bar("good", 0.1), Bar("fair", 0.08), Bar("hopeless", -1000.0))))
    assert drawn.marks[0].width > (RIGHT - LEFT) / 8
    assert drawn.marks[2].value == "−1000"


def test_all_zero_gains_are_drawn():
    assert len(_chart([0.0, 0.0]).marks) == 2
    assert chart(Bars("t", (Bar("a", 0.0),))).ticks


def test_long_names_are_cut_and_kept_whole_for_the_tooltip():
    mark = chart(Bars("t", (Bar("x" * 500, 0.1),))).marks[0]
    assert len(mark.label) <= 40
    assert mark.full_label == "x" * 500
