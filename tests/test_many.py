"""Several tasks: the mean of their metrics, and folds that keep a row on one side."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, roc_auc_score

from autotransfer.data import Dataset, Modality
from autotransfer.entries import packed, packed_truth
from autotransfer.errors import InputError
from autotransfer.guard import Candidates, compare
from autotransfer.many import folds_of, mean_metric, metric_of, scores_by_task, split_of
from autotransfer.metrics import metric_for
from autotransfer.problem import Problem
from autotransfer.splits import make_folds, make_split
from autotransfer.task import SubTask

AB, ABC = ("a", "b"), ("a", "b", "c")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def tasks() -> tuple[SubTask, ...]:
    return SubTask("two", AB), SubTask("value", None, 1, 2.0), SubTask("three", ABC, 2)


def entries(rng: np.random.Generator, tasks: tuple[SubTask, ...], rows: int = 40) -> Dataset:
    """Two of the three labels are there on average."""
    row, task = np.nonzero(rng.random((rows, len(tasks))) < 0.7)
    labels = np.column_stack(
        [rng.integers(len(t.classes), size=rows) if t.classes else rng.normal(size=rows) * 2 for t in tasks]
    )
    return Dataset("rows", Modality.FEATURES, np.zeros((len(row), 1)), labels[row, task], task=task, row=row)


def guesses(rng: np.random.Generator, data: Dataset, tasks: tuple[SubTask, ...]) -> np.ndarray:
    found = np.zeros((len(data), 3))
    for number, task in enumerate(tasks):
        mine = np.flatnonzero(data.task == number)
        found[mine, : task.n_outputs] = (
            rng.dirichlet(np.ones(task.n_outputs), len(mine)) if task.classes else rng.normal(size=(len(mine), 1))
        )
    return found


def expected(data: Dataset, p: np.ndarray, tasks: tuple[SubTask, ...]) -> float:
    """accuracy of both tasks with classes, 1 - MSE / spread² of the one with values."""
    each = [data.y[data.task == number] for number in range(3)]
    said = [p[data.task == number] for number in range(3)]
    r2 = 1 - np.mean((each[1] - said[1][:, 0]) ** 2) / tasks[1].spread ** 2
    return float(np.mean([accuracy_score(each[k], said[k].argmax(1)) for k in (0, 2)] + [r2]))


def test_the_default_is_the_mean_of_accuracy_and_r2(rng, tasks):
    metric, data = mean_metric(None, tasks), entries(rng, tasks)
    p = guesses(rng, data, tasks)
    assert metric.name == "mean_accuracy_r2"
    truth = np.column_stack([data.task, data.y])
    assert metric.score(truth, p) == pytest.approx(expected(data, p, tasks))


def test_the_mean_over_packed_rows_is_the_score(rng, tasks):
    """mean over rows of ``rows`` = mean over tasks of each task's mean, whatever labels are missing."""
    metric, data = mean_metric(None, tasks), entries(rng, tasks)
    everything, p = np.arange(len(data)), guesses(rng, data, tasks)
    truth, said = packed_truth(data, everything), packed(data, everything, p)
    assert metric.score(truth, said) == pytest.approx(expected(data, p, tasks))
    assert metric.finish(metric.rows(truth, said).mean()) == pytest.approx(expected(data, p, tasks))


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("roc_auc", lambda y, p: roc_auc_score(y, p[:, 1])),
        ("log_loss", lambda y, p: log_loss(y, p[:, :2], labels=[0, 1])),
    ],
)
def test_named_metrics_of_classes(rng, name, reference):
    tasks = (SubTask("one", AB), SubTask("two", AB))
    y, task = rng.integers(0, 2, 60).astype(float), np.arange(60) % 2
    p = rng.dirichlet(np.ones(2), 60)
    metric = mean_metric(name, tasks)
    value = np.mean([reference(y[task == k], p[task == k]) for k in (0, 1)])
    assert metric.own_direction(metric.score(np.column_stack([task, y]), p)) == pytest.approx(value)


@pytest.mark.parametrize(("name", "power"), [("mae", 1), ("rmse", 2)])
def test_named_metrics_of_values(rng, name, power):
    tasks = (SubTask("one", None), SubTask("two", None))
    y, task, p = rng.normal(size=50), np.arange(50) % 2, rng.normal(size=(50, 1))
    metric = mean_metric(name, tasks)
    errors = [mean_absolute_error(y[task == k] * 0, np.abs(y - p[:, 0])[task == k] ** power) for k in (0, 1)]
    assert metric.score(np.column_stack([task, y]), p) == pytest.approx(-np.mean(np.power(errors, 1 / power)))
    assert metric.relative


def test_tasks_on_which_a_metric_is_undefined_are_left_out():
    tasks = (SubTask("one", AB), SubTask("two", AB))
    truth = np.array([[0, 0], [0, 0], [1, 0], [1, 1]], float)
    p = np.array([[0.2, 0.8], [0.4, 0.6], [0.9, 0.1], [0.1, 0.9]])
    assert mean_metric("roc_auc", tasks).score(truth, p) == 1.0
    assert np.isnan(mean_metric("roc_auc", tasks).score(truth[:2], p[:2]))


@pytest.mark.parametrize("name", ["rmse", "log_loss", "nonsense", "harmonic_mean"])
def test_mixed_tasks_refuse_errors_and_unknown_metrics(tasks, name):
    with pytest.raises(InputError, match=f"--metric {name}"):
        mean_metric(name, tasks)


def test_scores_by_task_are_what_is_averaged(rng, tasks):
    data = entries(rng, tasks)
    truth, p = np.column_stack([data.task, data.y]), guesses(rng, data, tasks)
    each = scores_by_task(None, tasks, truth, p)
    assert np.mean(each) == pytest.approx(expected(data, p, tasks))
    assert scores_by_task(None, tasks, truth[truth[:, 0] > 0], p[truth[:, 0] > 0])[0] is None


def test_the_guard_takes_a_row_with_all_its_labels_as_one(rng):
    """A label given twice says nothing new: the standard error stays what it was."""
    one, two = (SubTask("one", AB),), (SubTask("one", AB), SubTask("again", AB, 1))
    y = rng.integers(0, 2, 80).astype(float)
    sides = [np.eye(2)[np.where(rng.random(80) < share, y, 1 - y).astype(int)] for share in (0.8, 0.7)]
    found = []
    for tasks in (one, two):
        row = np.repeat(np.arange(80), len(tasks))
        data = Dataset(
            "rows", Modality.FEATURES, np.zeros((len(row), 1)), y[row], task=np.tile(np.arange(len(tasks)), 80), row=row
        )
        each = np.arange(len(data))
        packs = [[(packed(data, each, side[row]),)] for side in sides]
        found.append(compare(Candidates(packed_truth(data, each), *packs), mean_metric(None, tasks), seed=0))
    assert found[0] == found[1]


def problem(data: Dataset, tasks: tuple[SubTask, ...]) -> Problem:
    return Problem("target", data, None, tasks=tasks)


@pytest.mark.parametrize("rows", [40, 2000])
def test_a_row_is_on_one_side_of_each_fold(rng, tasks, rows):
    data = entries(rng, tasks, rows)
    split = split_of(problem(data, tasks), seed=3)
    assert split.has_confirm == (rows == 2000)
    parts = [*((fold.train, fold.score) for fold in split.folds), (split.confirm, split.folds[0].train)]
    for one, other in [*parts, *((fold.train, fold.score) for fold in folds_of(problem(data, tasks), 5))]:
        assert not set(data.row[one]) & set(data.row[other])
    scored = np.concatenate([fold.score for fold in folds_of(problem(data, tasks), 5)])
    assert sorted(scored) == list(range(len(data)))


def test_one_task_is_divided_and_scored_as_ever(rng):
    y = rng.integers(0, 2, 50)
    single = Problem("target", Dataset("rows", Modality.FEATURES, np.zeros((50, 1)), y), AB)
    for ours, theirs in (
        (split_of(single, 4).folds, make_split(y, classes=True, seed=4).folds),
        (folds_of(single, 4), make_folds(y, classes=True, seed=4)),
    ):
        assert all(np.array_equal(a.train, b.train) for a, b in zip(ours, theirs, strict=True))
    assert metric_of(single, None) is metric_for(None, regression=False)
