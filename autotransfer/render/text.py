"""A report for the terminal: plain text, nothing from data can move the cursor."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import zip_longest

from autotransfer.render.clean import clean_report, shorten
from autotransfer.render.columns import numeric_columns
from autotransfer.report.types import Bar, Bars, Report, Section, Table
from autotransfer.report.words import signed

WIDTH = 100
_CELL = 60
_LABEL = 40
_HALF = 20


def render_text(report: Report) -> str:
    """The report as text, ending in a newline."""
    report = clean_report(report)
    lines = [*_wrap(report.title), "=" * min(len(report.title), WIDTH), "", *_wrap(report.verdict)]
    for section in report.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    blocks = [_wrap(paragraph) for paragraph in section.paragraphs]
    blocks += [_bars(bars) for bars in section.bars]
    blocks += [_table(table) for table in section.tables]
    lines = [*_wrap(section.title), "-" * min(len(section.title), WIDTH)]
    for index, block in enumerate(blocks):
        lines += ([""] if index else []) + block
    return lines


def _wrap(text: str) -> list[str]:
    """Lines of at most ``WIDTH`` characters; a number keeps its per cent sign."""
    lines = textwrap.wrap(text.replace(" %", "\xa0%"), WIDTH) or [""]
    return [line.replace("\xa0%", " %") for line in lines]


def _table(table: Table) -> list[str]:
    from rich.cells import cell_len

    grid = [[_cell(cell) for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(cell_len(line) for cell in column for line in cell) for column in zip(*grid, strict=True)]
    right = numeric_columns(table)
    lines = [line for row in grid for line in _row(row, widths, right)]
    lines.insert(len(max(grid[0], key=len)), "  ".join("-" * width for width in widths))
    return lines + (_wrap(table.note) if table.note else [])


def _cell(text: str) -> list[str]:
    """A cell over at most three lines."""
    return textwrap.wrap(shorten(text, 3 * _CELL - _CELL // 2), _CELL) or [""]


def _row(cells: list[list[str]], widths: list[int], right: tuple[bool, ...]) -> Iterator[str]:
    from rich.cells import cell_len, set_cell_size

    for parts in zip_longest(*cells, fillvalue=""):
        padded = (
            " " * (width - cell_len(part)) + part if to_right else set_cell_size(part, width)
            for part, width, to_right in zip(parts, widths, right, strict=True)
        )
        yield "  ".join(padded).rstrip()


def _bars(bars: Bars) -> list[str]:
    from rich.cells import cell_len, set_cell_size

    labels = [shorten(item.label, _LABEL) for item in bars.items]
    width = max(map(cell_len, labels), default=0)
    largest = max((abs(item.mean) for item in bars.items), default=0.0) or 1.0
    lines = [
        f"{set_cell_size(label, width)}  {_drawn(item.mean / largest)}  {_values(item)}".rstrip()
        for label, item in zip(labels, bars.items, strict=True)
    ]
    return [*_wrap(bars.title), *lines, *(_wrap(bars.note) if bars.note else [])]


def _drawn(share: float) -> str:
    length = round(abs(share) * _HALF)
    left, right = ("", "#" * length) if share >= 0 else ("#" * length, "")
    return f"{left:>{_HALF}}|{right:<{_HALF}}"


def _values(item: Bar) -> str:
    if item.low is None or item.high is None:
        return signed(item.mean)
    return f"{signed(item.mean)} ({signed(item.low)} to {signed(item.high)})"
