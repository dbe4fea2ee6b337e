"""Campaigns by one measure, by hand."""

from __future__ import annotations

import json

import pytest

from autotransfer.errors import InputError
from benchmarks.compare import rows, run
from benchmarks.harness import Arguments
from benchmarks.outcome import Outcome


def played(shipped: float, best: float, *, task: str = "t", base: float = 0.5, seed: int = 0) -> Outcome:
    return Outcome(task, seed, False, False, 10.0, "transfer", "a", shipped, base, None, {"a": best})


def test_all_are_measured_by_the_best_that_any_found():
    """No transfer is at 0.5, the arms at 0.7 and 0.9: shipping 0.7 is all of the first one's own best arm, and half of
    the best of all."""
    first, second = rows({"few": [played(0.7, 0.7)], "many": [played(0.8, 0.9)]})
    assert first["captured of its own best"] == pytest.approx(1.0)
    assert first["captured of the best of all"] == pytest.approx(0.5)
    assert second["captured of the best of all"] == second["captured of its own best"] == pytest.approx(0.75)


def test_tasks_without_a_worthwhile_gain_do_not_count():
    (row, _) = rows({name: [played(0.5, 0.51)] for name in ("a", "b")})
    assert row["captured of the best of all"] is None


def test_journals_of_the_same_runs(tmp_path):
    paths = [tmp_path / name for name in ("a.jsonl", "b.jsonl", "c.jsonl")]
    for path, seeds in zip(paths, ((0, 1), (1, 2), (5,)), strict=True):
        path.write_text("".join(json.dumps(played(0.7, 0.8, seed=seed).to_json()) + "\n" for seed in seeds))
    found = run(Arguments(tmp_path, tasks=(str(paths[0]), str(paths[1]))))
    assert [row["runs"] for row in found.rows] == [1, 1]
    with pytest.raises(InputError, match="no run in common"):
        run(Arguments(tmp_path, tasks=(str(paths[0]), str(paths[2]))))
    with pytest.raises(InputError, match="two journals"):
        run(Arguments(tmp_path, tasks=(str(paths[0]),)))
