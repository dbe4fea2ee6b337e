"""Text from data files and plugins, made harmless for every place where a report is shown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from autotransfer.report.types import Bar, Bars, Report, Section, Table

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system commands, e.g. window titles and links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # device control and other strings
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor moves
    r"|\x1b[ -/]*[0-~]"
)
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def clean(text: str) -> str:
    """One line without escape sequences, control characters, direction overrides and lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    plain = _ESCAPES.sub("", text)
    return "".join(_visible(character) for character in plain).strip()


def _visible(character: str) -> str:
    if character in "\n\r\t\v\f\x85\u2028\u2029":
        return " "
    return "" if unicodedata.category(character) in _UNSEEN else character


def shorten(text: str, width: int) -> str:
    """At most ``width`` characters, the middle left out: both ends of a path or a name tell something."""
    if len(text) <= width:
        return text
    tail = (width - 1) // 3
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def clean_report(report: Report) -> Report:
    """The report with every string cleaned."""
    return Report(clean(report.title), clean(report.verdict), tuple(map(_section, report.sections)), report.tone)


def _section(section: Section) -> Section:
    paragraphs = tuple(map(clean, section.paragraphs))
    return Section(
        clean(section.title), paragraphs, tuple(map(_table, section.tables)), tuple(map(_bars, section.bars))
    )


def _table(table: Table) -> Table:
    rows = tuple(tuple(map(clean, row)) for row in table.rows)
    return Table(tuple(map(clean, table.columns)), rows, clean(table.note))


def _bars(bars: Bars) -> Bars:
    return Bars(clean(bars.title), tuple(map(_bar, bars.items)), clean(bars.note))


def _bar(bar: Bar) -> Bar:
    return replace(bar, label=clean(bar.label))
