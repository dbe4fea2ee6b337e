"""The report as plain data. Strings are raw: each renderer escapes them for its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of cells, ready to show.

    :param rows: each as long as ``columns``.
    :param note: a sentence below the table.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"a row has {len(row)} cells for {len(self.columns)} columns: {row}")


@dataclass(frozen=True)
class Bar:
    """A value with its interval (None: unknown), e.g. the gain of one arm."""

    label: str
    mean: float
    low: float | None = None
    high: float | None = None
    highlighted: bool = False


@dataclass(frozen=True)
class Bars:
    """A horizontal chart around zero.

    :param title: what is drawn, with its unit.
    """

    title: str
    items: tuple[Bar, ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    """A heading with what stands below it, in the order paragraphs, bars, tables."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    bars: tuple[Bars, ...] = ()


@dataclass(frozen=True)
class Report:
    """The whole report.

    :param verdict: the answer in one or two sentences.
    :param tone: ``"good"`` (transfer), ``"stop"`` (do not), ``"open"`` (inconclusive) or ``"plain"`` (no verdict).
    """

    title: str
    verdict: str
    sections: tuple[Section, ...]
    tone: str = "plain"
