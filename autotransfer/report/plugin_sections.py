"""Sections that plugins append to a report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autotransfer.report.types import Report, Section


def extended(report: Report, hook: Any) -> Report:
    """The report with the sections of every plugin's ``report_sections`` at its end.

    :param hook: hook callers of the loaded plugins.
    """
    answers = hook.report_sections(report=report)
    added = [section for sections in answers for section in sections if isinstance(section, Section)]
    return replace(report, sections=(*report.sections, *added))
