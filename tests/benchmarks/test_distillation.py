"""The table of students: shares of the gap, and the bars that rest on them."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.tuning_parts.distillation import PLAIN, TEACHER, _bars, _summary
from benchmarks.tuning_parts.teachers import _dealt

NAME = "knowledge_distillation"


def seed(teacher: float, plain: float, student: float) -> list[dict[str, object]]:
    return [
        {"method": TEACHER, "accuracy": teacher, "parameters": 1000},
        {"method": PLAIN, "accuracy": plain, "parameters": 90, "bytes": 360, "cpu_seconds": 1.0},
        {"method": NAME, "accuracy": student, "parameters": 90, "bytes": 360, "cpu_seconds": 3.0},
    ]


def test_shares_are_those_of_the_means() -> None:
    """(0.75 - 0.6) / (0.9 - 0.6), whatever the seeds say one by one."""
    rows = list(_summary([seed(0.95, 0.5, 0.8), seed(0.85, 0.7, 0.7)]))
    assert [row["gap_recovered"] for row in rows] == pytest.approx([1.0, 0.0, 0.5])
    assert rows[2]["spread"] == pytest.approx(np.std([0.8, 0.7], ddof=1))
    assert rows[2]["of_teacher"] == 0.09
    assert [bar.met for bar in _bars("t", rows)] == [True, True]


def test_a_student_that_recovers_less_or_is_larger_misses_its_bar() -> None:
    rows = list(_summary([seed(0.9, 0.6, 0.7)]))
    rows[2]["of_teacher"] = 0.2
    assert [bar.met for bar in _bars("t", rows)] == [False, False]


def test_no_row_is_dealt_twice() -> None:
    """So many labelled a class, then rows without labels, then test rows."""
    y = np.arange(300) % 3
    X = np.arange(300, dtype=np.uint8)[:, None, None].repeat(2, axis=1)
    X = np.concatenate([X, (np.arange(300) // 256)[:, None, None].repeat(2, axis=1).astype(np.uint8)], axis=2)
    task, test = _dealt("t", X, y, (10, 100, 50), 0)
    parts = [np.asarray(part.inputs)[:, 0] for part in (task.train, task.unlabeled, test)]
    assert [len(part) for part in parts] == [30, 100, 50]
    assert len(np.unique(np.concatenate(parts), axis=0)) == 180
    np.testing.assert_array_equal(np.bincount(task.train.labels), [10, 10, 10])
    assert task.unlabeled.y is None
