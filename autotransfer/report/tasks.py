"""How each of several tasks fares."""

from __future__ import annotations

from autotransfer.report import words
from autotransfer.report.types import Section, Table
from autotransfer.trial import RunRecord


def tasks(record: RunRecord) -> tuple[Section, ...]:
    """Test scores task by task, those that lose most first; nothing for one task, or without test rows."""
    if not record.tasks:
        return ()
    rows = sorted(record.tasks, key=_gain)
    cells = tuple(
        (
            str(task["name"]),
            str(task["test_rows"]),
            words.score(record, task["test_score"]),
            words.score(record, task["baseline_test_score"]),
            words.signed(_difference(task["test_score"], task["baseline_test_score"])),
        )
        for task in rows
    )
    worse = sum(_gain(task) < 0 for task in rows)
    note = f"{record.metric} is the mean over tasks; {worse} of {len(rows)} tasks are worse off than by themselves."
    columns = ("task", "test rows", "shipped", "without transfer", "gain")
    return (Section("Task by task", (), (Table(columns, cells, note),)),)


def _gain(task: dict[str, float | None]) -> float:
    return _difference(task["test_score"], task["baseline_test_score"]) or 0.0


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
