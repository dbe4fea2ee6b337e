"""From rows to features: what a column holds, and that a row's features come from its own task alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.experience.row import Row
from autotransfer.experience.table import columns, to_arms, to_experience

ROW = Row(
    "t", "d", "f", "s", "rows", "pooled", "accuracy", "table", "complete", about={"width": 9.0}, gain=1.0, seconds=2.0
)
ROWS = [
    replace(ROW, scores={"mmd": 1.0}),
    replace(ROW, source="u", method="coral", kind="pool", scores={"mmd": 3.0}),
    replace(ROW, source="v", scores={"logme": 0.5}, gain=None, seconds=None),
    replace(ROW, task="other", target="e", scores={"mmd": 2.0}),
]


def column(name: str, rows=ROWS) -> list[float]:
    arms = to_arms(rows, columns(rows))
    return arms.features[:, arms.names.index(name)].tolist()


def test_columns():
    assert columns(ROWS) == ("logme", "mmd")
    np.testing.assert_allclose(column("width"), np.log(10.0))
    np.testing.assert_array_equal(column("mmd"), [1.0, 3.0, np.nan, 2.0])
    np.testing.assert_array_equal(column("source rows"), [np.nan] * 4)


def test_standing_is_the_share_of_other_sources_below():
    """Among the two sources of the task that have a value: 0 and 1; alone in its task: a half."""
    np.testing.assert_array_equal(column("standing by mmd"), [0.0, 1.0, np.nan, 0.5])


def test_many_methods_of_one_source_do_not_count_twice():
    """The standing is among sources: another arm of the same source changes nothing."""
    doubled = [*ROWS, replace(ROWS[0], method="stacking")]
    np.testing.assert_array_equal(column("standing by mmd", doubled), [0.0, 1.0, np.nan, 0.5, 0.0])


def test_keys_tasks_targets_and_outcomes():
    experience = to_experience(ROWS, columns(ROWS))
    assert experience.arms.keys[1].tolist() == ["pool", "coral", "coral × pool"]
    assert experience.arms.tasks.tolist() == ["t", "t", "t", "other"]
    assert experience.arms.targets.tolist() == ["d", "d", "d", "e"]
    np.testing.assert_array_equal(experience.gain, [1.0, 1.0, np.nan, 1.0])
    np.testing.assert_array_equal(experience.seconds, [2.0, 2.0, np.nan, 2.0])


def test_features_of_a_task_do_not_depend_on_other_tasks():
    """So that they may be computed before folds are made, without a leak."""
    names = columns(ROWS)
    together = to_arms(ROWS, names).features[:3]
    np.testing.assert_array_equal(together, to_arms(ROWS[:3], names).features)


def test_no_rows_are_a_table_too():
    assert to_arms([], ("mmd",)).features.shape == (0, 11)
