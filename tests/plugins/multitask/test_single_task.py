"""Each task by itself."""

from __future__ import annotations

import numpy as np
from autotransfer_multitask.by_task import ByTask
from autotransfer_multitask.single_task import SingleTask
from sklearn.linear_model import Ridge

from autotransfer.task import Context


def test_each_task_is_a_ridge_regression_of_its_own_rows(alike):
    """With values standardised by one level and spread for all tasks, which a ridge regression's slopes follow."""
    predictor = SingleTask().fit(alike, None, Context())
    rows = alike.train
    for number in range(4):
        mine = rows.task == number
        model = Ridge(1.0).fit(rows.X[mine], rows.y[mine])
        assert np.allclose(predictor.predict(rows.take(mine))[:, 0], model.predict(rows.X[mine]))


def test_other_tasks_change_nothing(alike):
    """Up to the common level and spread, which the task's own intercept and slopes undo."""
    rows = alike.train
    y = rows.y.copy()
    y[rows.task == 1] *= -3.0
    other = type(alike)(type(rows)(rows.name, rows.modality, rows.inputs, y, task=rows.task), None, tasks=alike.tasks)
    mine = rows.take(rows.task == 0)
    found = [SingleTask().fit(task, None, Context()).predict(mine) for task in (alike, other)]
    assert np.allclose(*found)


def test_a_task_without_rows_gets_the_level_of_its_space(alike):
    rows = alike.train
    without = type(alike)(rows.take(rows.task != 2), None, tasks=alike.tasks)
    predictor = SingleTask().fit(without, None, Context())
    said = predictor.predict(rows.take(rows.task == 2))
    assert np.allclose(said, rows.y[rows.task != 2].mean())
    assert isinstance(predictor, ByTask)


def test_it_is_no_transfer():
    assert not SingleTask.is_transfer()
