"""Multi-task benchmark: parts of many tasks, and what chooses."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import r2_score, roc_auc_score

from autotransfer.errors import InputError
from benchmarks.harness import above
from benchmarks.sharing.cases import Case, explained, landmine, mean_auc
from benchmarks.sharing.compared import ALONE, Compared, Found


@pytest.fixture
def case() -> Case:
    rng = np.random.default_rng(0)
    return Case("toy", rng.normal(size=(90, 2)), rng.normal(size=90), np.arange(90) % 3, None, explained)


def test_parts_have_so_many_rows_of_each_task_and_all_others_to_test(case):
    for task, test in case.splits(5, 2):
        assert np.bincount(task.train.task).tolist() == [5, 5, 5]
        assert len(test) == 75
        assert not {tuple(row) for row in task.train.X} & {tuple(row) for row in test.X}


def test_scores_are_scikit_learns():
    rng = np.random.default_rng(1)
    task, y, p = np.arange(60) % 3, rng.integers(0, 2, 60).astype(float), rng.random(60)
    y[task == 2] = 0.0  # of this task the area is undefined
    each = [roc_auc_score(y[task == k], p[task == k]) for k in (0, 1)]
    assert mean_auc(task, y, np.column_stack([1 - p, p])) == pytest.approx(np.mean(each))
    assert explained(task, y, p[:, None]) == pytest.approx(r2_score(y, p))


def test_folds_choose_and_test_rows_do_not():
    found = {
        ALONE: [Found(0.9, 0.5, 1.0, ""), Found(0.9, 0.5, 1.0, "")],
        "one": [Found(0.3, 0.8, 1.0, ""), Found(0.6, 0.7, 1.0, "")],
        "two": [Found(0.4, 0.6, 1.0, ""), Found(0.5, 0.9, 1.0, "")],
    }
    compared = Compared("toy", 5, found)
    assert [part.tested for part in compared.chosen()] == [0.6, 0.7]
    assert compared.gain() == pytest.approx(0.15)
    assert [row["method"] for row in compared.rows()] == [*found, "(best in folds)"]


def test_bars_above_a_limit_are_met_beyond_it():
    assert [above("", value, 0.0).met for value in (0.1, 0.0, None)] == [True, False, False]


def test_missing_data_are_one_line(tmp_path):
    with pytest.raises(InputError, match=r"landmine.npz: the benchmark needs this file"):
        landmine(tmp_path)
