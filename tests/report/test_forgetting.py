"""The column, and the section on the source's own task."""

from __future__ import annotations

from dataclasses import replace

from autotransfer.kept import Kept
from autotransfer.leaderboard import leaderboard_csv
from autotransfer.record import from_json, to_json
from autotransfer.report import arms, forgetting
from autotransfer.trial import RunRecord

KEPT = Kept("task-incremental", 0.95, 0.8, 0.25)


def with_kept(record: RunRecord) -> RunRecord:
    first, *others = record.leaderboard
    return replace(record, leaderboard=(replace(first, kept=KEPT), *others), settings={"keep_source": 5.0})


def test_without_a_measure_there_is_neither_column_nor_section(record):
    assert forgetting.section(record) == ()
    assert "forgetting" not in arms.leaderboard(record).tables[0].columns


def test_the_leaderboard_has_a_column_of_what_was_lost(record):
    found = arms.leaderboard(with_kept(record)).tables[0]
    place = found.columns.index("forgetting")
    assert sorted({row[place] for row in found.rows}) == ["+0.150", "–"]
    assert "Forgetting: what the source's own task lost" in found.note
    assert "forgetting" in arms.every_trial(with_kept(record)).tables[0].columns


def test_the_section_names_scenario_and_limit(record):
    (found,) = forgetting.section(with_kept(record))
    assert "told whether a row is of the source's task" in found.paragraphs[0]
    assert found.paragraphs[1].startswith("--keep-source 5: trials that forget more are refused")
    ((_, *row),) = found.tables[0].rows
    assert row == ["task-incremental", "0.950", "0.800", "0.250", "+0.150", "complete"]
    (unlimited,) = forgetting.section(replace(with_kept(record), settings={}))
    assert unlimited.paragraphs[1].startswith("No limit was set")


def test_files_keep_it(record):
    """``run.json`` and back; ``leaderboard.csv`` in its last column."""
    known = with_kept(record)
    assert from_json(to_json(known)).leaderboard[0].kept == KEPT
    lines = leaderboard_csv(known.leaderboard).splitlines()
    assert lines[0].endswith(",forgetting")
    assert sum(line.endswith("0.1499999999999999") for line in lines) == 1
