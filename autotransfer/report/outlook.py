"""What past runs say of this run's arms: forecasts, how far such forecasts came true, what would change the answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autotransfer.report import words
from autotransfer.report.types import Bar, Bars, Section, Table
from autotransfer.trial import Decision, RunRecord

_MOST = 12
_Z = 1.6449


def outlook(record: RunRecord) -> tuple[Section, ...]:
    """Nothing where past runs were not asked."""
    arms = _arms(record.forecast)
    if not arms:
        return ()
    tables = [_table(arms[:_MOST], len(arms), _tried(record))]
    found = record.forecast.get("reliability") or {}
    chart = _reliability(found)
    if found.get("bins"):
        tables.append(_bins(found))
    return (Section("What past runs say", (*_evidence(arms), *_change(record, arms)), tuple(tables), chart),)


Arms = list[tuple[str, str, Mapping[str, Any]]]


def _arms(forecast: Mapping[str, Any]) -> Arms:
    """(method, source, forecast), the best expected gain first."""
    found = [
        (method, source, told) for source, column in forecast.get("arms", {}).items() for method, told in column.items()
    ]
    return sorted(found, key=lambda arm: (-float(arm[2]["gain"]), arm[0], arm[1]))


def _tried(record: RunRecord) -> set[tuple[str, str | None]]:
    return {(trial.choice.method, trial.choice.source) for trial in record.leaderboard}


def _evidence(arms: Arms) -> tuple[str, ...]:
    little = sum(bool(told["little_evidence"]) for _, _, told in arms)
    if little == len(arms):
        return ("Little evidence: this target is unlike all past ones, so these are base rates of past runs.",)
    return (f"Little evidence for {little} of {len(arms)} arms: for these, base rates of past runs.",) if little else ()


def _change(record: RunRecord, arms: Arms) -> tuple[str, ...]:
    """Which source could still turn a refusal, by the most that is likely of an arm that was not tried."""
    if record.verdict.decision is Decision.TRANSFER:
        return ()
    tried = _tried(record)
    open_ = [(told["high"], method, source) for method, source, told in arms if (method, source) not in tried]
    high, method, source = max(open_, default=(0.0, "", ""))
    if high <= 0:
        return ("No arm that was left out is likely to gain.",) if open_ else ()
    return (
        f"What could change the decision: of the {len(open_)} arms that were not tried, {method} × {source} may gain "
        f"most, up to {words.signed(high)} (upper end of its interval).",
    )


def _table(shown: Arms, total: int, tried: set[tuple[str, str | None]]) -> Table:
    rows = tuple(
        (
            method,
            source,
            words.signed(told["gain"]),
            f"{words.signed(told['low'])} to {words.signed(told['high'])}",
            words.percent(told["risk"]),
            words.number(told["seconds"]),
            "yes" if (method, source) in tried else "no",
            str(told["reason"]),
        )
        for method, source, told in shown
    )
    columns = ("method", "source", "gain", "90 % interval", "P(loses a point)", "seconds", "tried", "why")
    note = "Forecast before the search from past runs, not from this run's trials."
    if total > len(shown):
        note += f" {total - len(shown)} more arms are in run.json."
    return Table(columns, rows, note)


def _reliability(found: Mapping[str, Any]) -> tuple[Bars, ...]:
    """Of each group of forecasts the share that came true, with its 90 % Wilson interval."""
    items = []
    for each in found.get("bins", ()):
        low, high = _wilson(float(each["negative"]), int(each["arms"]))
        items.append(Bar(f"forecast {words.percent(each['risk'])}", float(each["negative"]), low, high))
    title = "Reliability: share of arms that lost a point, by forecast risk; equal is right"
    note = (
        "Whiskers: 90 % Wilson interval over arms; arms of one data set are alike, so that the truth is less certain."
    )
    return (Bars(title, tuple(items), note),) if items else ()


def _bins(found: Mapping[str, Any]) -> Table:
    rows = tuple((words.percent(b["risk"]), words.percent(b["negative"]), str(b["arms"])) for b in found["bins"])
    note = (
        f"Forecasts for {found['targets']} data sets, each by a selector that had not seen it; Brier skill score "
        f"{words.number(found['skill'])} (0: no better than the base rate, 1: perfect)."
    )
    return Table(("forecast risk", "came true", "arms"), rows, note)


def _wilson(share: float, n: int) -> tuple[float, float]:
    """Interval of a share (Wilson, Journal of the American Statistical Association 1927)."""
    centre, spread = share + _Z**2 / (2 * n), _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return (centre - spread) / (1 + _Z**2 / n), (centre + spread) / (1 + _Z**2 / n)
