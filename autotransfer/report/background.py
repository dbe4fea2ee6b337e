"""What the decision rests on: evidence and risk per source, what was skipped, notes, settings, environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autotransfer.report import words
from autotransfer.report.types import Section, Table
from autotransfer.trial import RunRecord, Skipped


def evidence(
    values: Mapping[str, Mapping[str, float | None]], reading: Mapping[str, Mapping[str, str]] | None = None
) -> Section:
    """Relatedness, one row an estimator, one column a source.

    :param reading: estimator -> its ``better``, ``unit`` and ``meaning``, for a table of how to read them.
    """
    if not values:
        return Section("Relatedness of the sources", ("Nothing was measured.",))
    note = "A dash: not defined for this source."
    if not reading:
        note += " autotransfer methods NAME says how to read an estimator."
    tables = (_grid("estimator", values, words.number, note), *([_how_to_read(reading)] if reading else []))
    return Section("Relatedness of the sources", (), tables)


def _how_to_read(reading: Mapping[str, Mapping[str, str]]) -> Table:
    rows = tuple((name, words_of["better"], words_of["meaning"]) for name, words_of in reading.items())
    return Table(("estimator", "better", "how to read it"), rows)


def risk(values: Mapping[str, Mapping[str, float]], *, searched: bool = True) -> Section:
    """Predicted probability of negative transfer, one row a method, one column a source.

    :param searched: whether arms were tried too.
    """
    if not any(values.values()):
        return Section("Risk of negative transfer", ("No risk was predicted.",))
    note = "P(gain < 0), predicted from relatedness."
    if searched:
        note += " For arms that the search tried, from their validation predictions."
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
        evidence(record.evidence),
        risk(record.risk),
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
