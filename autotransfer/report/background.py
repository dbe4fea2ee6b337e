"""What the decision rests on: evidence and risk per source, what was skipped, notes, settings, environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from autotransfer.report import words
from autotransfer.report.types import Section, Table
from autotransfer.trial import RunRecord, Skipped


@dataclass(frozen=True)
class Relatedness:
    """What was measured, and how to read it.

    :param values: source -> estimator -> value; None where there is none.
    :param reading: estimator -> its ``better``, ``unit`` and ``meaning``, for a table of how to read them.
    :param reasons: source -> estimator -> why there is no value.
    :param encoders: encoder of the run itself -> estimator -> value.
    """

    values: Mapping[str, Mapping[str, float | None]]
    reading: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    encoders: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)


def evidence(found: Relatedness) -> Section:
    """Relatedness, one row an estimator, one column a source; then the run's own encoders in the same way."""
    if not found.values:
        return Section("Relatedness of the sources", ("Nothing was measured.",))
    note = "A dash: not defined for this source, or not measured (see the notes)."
    if found.reasons:
        note = "A dash: there is no value, for the reason above."
    if not found.reading:
        note += " autotransfer methods NAME says how to read an estimator."
    tables = [_grid("estimator", found.values, words.number, note)]
    if any(found.encoders.values()):
        note = "The run's own encoders on the same rows: what an encoder that a source brings has to beat."
        tables.append(_grid("estimator", found.encoders, words.number, note))
    if found.reading:
        tables.append(_how_to_read(found.reading))
    return Section("Relatedness of the sources", _why_not(found.reasons), tuple(tables))


def _why_not(reasons: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """A line for each reason and the sources that it holds for."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name, reason in dict.fromkeys(pair for column in reasons.values() for pair in column.items()):
        where = tuple(source for source, column in reasons.items() if column.get(name) == reason)
        groups.setdefault((reason, where), []).append(name)
    return tuple(f"{', '.join(names)} on {', '.join(where)}: {reason}." for (reason, where), names in groups.items())


def _how_to_read(reading: Mapping[str, Mapping[str, str]]) -> Table:
    rows = tuple((name, words_of["better"], words_of["meaning"]) for name, words_of in reading.items())
    return Table(("estimator", "better", "how to read it"), rows)


def risk(values: Mapping[str, Mapping[str, float]], *, searched: bool = True, learned: bool = False) -> Section:
    """Predicted probability of negative transfer, one row a method, one column a source.

    :param searched: whether arms were tried too. ``learned``: whether past runs predicted it.
    """
    if not any(values.values()):
        return Section("Risk of negative transfer", ("No risk was predicted.",))
    note = "P(gain < 0), predicted from relatedness."
    if learned:
        note = "P(it loses more than a point), learned from past runs."
    if searched:
        note += " For arms that the search tried, P(gain < 0) from their validation predictions."
    return Section("Risk of negative transfer", (), (_grid("method", values, words.percent, note),))


def skipped(arms: tuple[Skipped, ...]) -> Section:
    """Arms that could not run, grouped by source and reason."""
    if not arms:
        return Section("Skipped arms", ("None: every method could run with every source.",))
    groups: dict[tuple[str | None, str], list[str]] = {}
    for arm in arms:
        groups.setdefault((arm.source, arm.reason), []).append("all methods" if arm.method == "*" else arm.method)
    rows = tuple((source or words.NONE, ", ".join(methods), reason) for (source, reason), methods in groups.items())
    return Section("Skipped arms", (), (Table(("source", "methods", "why"), rows),))


def unused(arms: tuple[Skipped, ...]) -> tuple[Section, ...]:
    """Sources that no method can use, with the reason; nothing when all are used."""
    lines = tuple(f"{arm.source}: {arm.reason.removeprefix(f'{arm.source}: ')}" for arm in arms if arm.method == "*")
    return (Section("Sources that are not used", lines),) if lines else ()


def notes(lines: tuple[str, ...]) -> Section:
    """What was found while loading."""
    return Section("Notes on the data", lines or ("Nothing was dropped or repaired.",))


def facts(title: str, values: Mapping[str, Any]) -> Section:
    """Names and values, e.g. of the settings."""
    rows = tuple((name, words.plain(value)) for name, value in values.items())
    return Section(title, (), (Table(("name", "value"), rows),) if rows else ())


def all_of_it(record: RunRecord) -> tuple[Section, ...]:
    """Every section of this page."""
    return (
        evidence(Relatedness(record.evidence)),
        risk(record.risk, learned=bool(record.forecast.get("arms"))),
        skipped(record.skipped),
        notes(record.notes),
        facts("Data", record.data),
        facts("Settings", record.settings),
        facts("Environment", record.environment | ({"created": record.created} if record.created else {})),
    )


def _grid(
    corner: str, values: Mapping[str, Mapping[str, float | None]], show: Callable[[float | None], str], note: str
) -> Table:
    """Outer keys as columns, inner keys as rows: there are few sources, and many estimators and methods."""
    names = dict.fromkeys(name for column in values.values() for name in column)
    rows = tuple((name, *(show(column.get(name)) for column in values.values())) for name in names)
    return Table((corner, *values), rows, note)
