"""Where the parts of a bar chart stand, in the units of its SVG view box. The template draws them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autotransfer.render.clean import shorten
from autotransfer.report.types import Bar, Bars
from autotransfer.report.words import MINUS, signed

WIDTH = 860.0
LEFT, RIGHT = 270.0, 760.0
ROW, TOP, BOTTOM = 26.0, 8.0, 26.0
_LABEL = 32
_TICKS = 6


@dataclass(frozen=True)
class Mark:
    """One bar: a rectangle from ``x`` of the given width, a whisker from ``low`` to ``high`` (None: no interval)."""

    label: str
    full_label: str
    value: str
    y: float
    x: float
    width: float
    low: float | None
    high: float | None
    negative: bool
    highlighted: bool


@dataclass(frozen=True)
class Tick:
    """A vertical line with its value."""

    x: float
    text: str
    zero: bool


@dataclass(frozen=True)
class Chart:
    """Everything that is drawn."""

    width: float
    height: float
    bottom: float
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    def __call__(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return round(LEFT + (inside - self.low) / (self.high - self.low) * (RIGHT - LEFT), 1)


def chart(bars: Bars) -> Chart:
    """Lay out the bars. Needs at least one."""
    scale = _scale(bars.items)
    marks = tuple(_mark(index, bar, scale) for index, bar in enumerate(bars.items))
    bottom = TOP + ROW * len(marks)
    return Chart(WIDTH, bottom + BOTTOM, bottom, marks, _ticks(scale))


def _scale(items: tuple[Bar, ...]) -> _Scale:
    """The range of all values and whiskers. One hopeless arm may not squeeze the others to nothing: beyond three
    times the reach of the upper half, bars end at the edge (their numbers still stand beside them)."""
    upper = items[: (len(items) + 1) // 2]
    reach = max((abs(value) for bar in upper for value in _values(bar)), default=0.0)
    values = [value for bar in items for value in _values(bar)]
    limit = 3 * reach or max(map(abs, values), default=0.0) or 1.0
    low, high = max(min([0.0, *values]), -limit), min(max([0.0, *values]), limit)
    if high == low:
        high = low + limit
    room = 0.03 * (high - low)
    return _Scale(low - room, high + room)


def _values(bar: Bar) -> list[float]:
    return [value for value in (bar.mean, bar.low, bar.high) if value is not None and math.isfinite(value)]


def _mark(index: int, bar: Bar, scale: _Scale) -> Mark:
    start, end = sorted((scale(0.0), scale(bar.mean)))
    return Mark(
        label=shorten(bar.label, _LABEL),
        full_label=bar.label,
        value=signed(bar.mean),
        y=TOP + ROW * index,
        x=start,
        width=round(max(end - start, 1.0), 1),
        low=None if bar.low is None else scale(bar.low),
        high=None if bar.high is None else scale(bar.high),
        negative=bar.mean < 0,
        highlighted=bar.highlighted,
    )


def _ticks(scale: _Scale) -> tuple[Tick, ...]:
    """Round values, zero among them."""
    raw = (scale.high - scale.low) / _TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    first, last = math.ceil(scale.low / step), math.floor(scale.high / step)
    return tuple(
        Tick(scale(k * step), f"{k * step:+.3g}".replace("-", MINUS) if k else "0", k == 0)
        for k in range(first, last + 1)
    )
