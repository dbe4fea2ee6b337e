"""The table of tasks."""

from __future__ import annotations

from dataclasses import replace

from autotransfer.report.tasks import tasks
from autotransfer.trial import Choice, Decision, RunRecord, Verdict


def record(*rows: tuple[str, float | None, float | None]) -> RunRecord:
    told = tuple(
        {"name": name, "test_rows": 9, "test_score": one, "baseline_test_score": other} for name, one, other in rows
    )
    verdict = Verdict(Decision.TRANSFER, "", Choice("equal_weights", None, None, {}))
    return RunRecord("run", "done", "mean_r2", True, {}, {}, {}, {}, {}, verdict, tasks=told)


def test_tasks_that_lose_most_come_first():
    (section,) = tasks(record(("up", 0.5, 0.4), ("down", 0.2, 0.6), ("unknown", None, None)))
    (table,) = section.tables
    assert [row[0] for row in table.rows] == ["down", "unknown", "up"]
    assert table.rows[0] == ("down", "9", "0.200", "0.600", "−0.400")
    assert table.rows[1][2:] == ("–", "–", "–")
    assert "1 of 3 tasks are worse off" in table.note


def test_errors_are_shown_as_errors():
    """Scores are larger-is-better: minus the error."""
    given = replace(record(("one", -2.0, -3.0)), greater_is_better=False)
    ((row,),) = (table.rows for table in tasks(given)[0].tables)
    assert row[2:] == ("2.000", "3.000", "+1.000")


def test_one_task_has_no_table():
    assert tasks(record()) == ()
