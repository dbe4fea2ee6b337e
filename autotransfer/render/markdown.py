"""A report as GitHub-flavoured markdown; nothing from data is markup."""

from __future__ import annotations

import re
from collections.abc import Iterable

from autotransfer.render.clean import clean_report
from autotransfer.render.columns import numeric_columns
from autotransfer.report.types import Bars, Report, Section, Table
from autotransfer.report.words import NONE, signed

_MARKUP = re.compile(r"([\\`*_{}\[\]|~#$!])")
_LEADING = re.compile(r"^([-+=]|\d+(?=[.)]))")
_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def render_markdown(report: Report) -> str:
    """The report as markdown, ending in a newline."""
    report = clean_report(report)
    blocks = [f"# {escape(report.title)}", f"**{escape(report.verdict)}**"]
    for section in report.sections:
        blocks += _section(section)
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """Text that markdown shows as it is, within a line and within a table cell."""
    return _LEADING.sub(_defused, _inline(text))


def _inline(text: str) -> str:
    return _MARKUP.sub(r"\\\1", text).translate(_HTML)


def _defused(match: re.Match[str]) -> str:
    """A list marker, a rule or a heading's underline loses its meaning."""
    return f"{match[1]}&#8203;" if match[1].isdigit() else f"\\{match[1]}"


def _section(section: Section) -> list[str]:
    blocks = [f"## {escape(section.title)}", *map(escape, section.paragraphs)]
    for bars in section.bars:
        blocks += [escape(bars.title), *_table(_as_table(bars))]
    for table in section.tables:
        blocks += _table(table)
    return blocks


def _as_table(bars: Bars) -> Table:
    rows = tuple(
        (bar.label, signed(bar.mean), NONE if bar.low is None else f"{signed(bar.low)} to {signed(bar.high)}")
        for bar in bars.items
    )
    return Table(("arm", "gain", "interval"), rows, bars.note)


def _table(table: Table) -> list[str]:
    rule = ("--:" if right else "---" for right in numeric_columns(table))
    lines = [_row(map(_inline, table.columns)), _row(rule)]
    lines += [_row(map(_inline, row)) for row in table.rows]
    return ["\n".join(lines), *([escape(table.note)] if table.note else [])]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
