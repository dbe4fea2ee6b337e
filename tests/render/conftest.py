"""A hostile report: everything that data can hold to break out of a format."""

from __future__ import annotations

import pytest

from autotransfer.report import Bar, Bars, Report, Section, Table

NASTY = (
    "<script>alert(1)</script>",
    '"onload="alert(1)',
    "' onmouseover='x",
    "a|b\nc|d",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "\u202egnp.exe",
    "{{ 7 * 7 }}",
    "![x](http://evil.example/x.png)",
    "`code` *bold* _under_ [link](javascript:alert(1))",
    "x" * 500,
    "\x00\x08\x7f\ud800",
    "</style><img src=x onerror=alert(1)>",
    "",
)


def _report_of(texts) -> Report:
    table = Table(("name", texts[0]), tuple((text, "1.0") for text in texts), texts[1])
    bars = Bars(texts[2], tuple(Bar(text, 0.5, 0.25, 0.75) for text in texts), texts[3])
    section = Section(texts[4], tuple(texts), (table,), (bars,))
    return Report(texts[0], texts[7], (section, Section("last", texts[-3:])))


@pytest.fixture
def report_of():
    return _report_of


@pytest.fixture
def nasty() -> tuple[str, ...]:
    return NASTY


@pytest.fixture
def hostile() -> Report:
    return _report_of(NASTY)


@pytest.fixture
def report() -> Report:
    table = Table(("arm", "gain"), (("pooled × dvd", "+0.110"), ("coral", "−0.050")), "below the table")
    bars = Bars(
        "gains", (Bar("pooled × dvd", 0.11, 0.06, 0.16, highlighted=True), Bar("coral", -0.05)), "below the bars"
    )
    return Report("books", "Transfer: pooled × dvd.", (Section("Leaderboard", ("First.",), (table,), (bars,)),), "good")
