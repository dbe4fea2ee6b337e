"""What a run found, in words, tables and bars: plain data that every format is made from."""

from __future__ import annotations

from autotransfer.report.background import Relatedness
from autotransfer.report.make import assessment_report, comparison_report, make_report, make_summary
from autotransfer.report.types import Bar, Bars, Report, Section, Table

__all__ = [
    "Bar",
    "Bars",
    "Relatedness",
    "Report",
    "Section",
    "Table",
    "assessment_report",
    "comparison_report",
    "make_report",
    "make_summary",
]
