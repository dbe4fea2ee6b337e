"""Sections that plugins append."""

from __future__ import annotations

from types import SimpleNamespace

from autotransfer.hookspecs import hookimpl
from autotransfer.plugins import load_plugins
from autotransfer.report import Report, Section
from autotransfer.report.plugin_sections import extended

REPORT = Report("title", "verdict", (Section("first"),))


class Extra:
    """A plugin that adds a section."""

    @hookimpl
    def report_sections(self, report):
        return [Section(f"About {report.title}")]


def test_sections_come_last(monkeypatch):
    monkeypatch.setenv("AUTOTRANSFER_PLUGINS", "")
    hook = load_plugins([Extra()]).hook
    assert [section.title for section in extended(REPORT, hook).sections] == ["first", "About title"]


def test_what_is_no_section_is_left_out():
    hook = SimpleNamespace(report_sections=lambda report: [["text", Section("real")]])
    assert [section.title for section in extended(REPORT, hook).sections] == ["first", "real"]
