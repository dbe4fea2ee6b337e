"""Several tasks: the mean of their metrics, and folds that keep a row with several labels on one side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from autotransfer.data import Array
from autotransfer.entries import entries_of, strata
from autotransfer.errors import InputError
from autotransfer.metrics import METRICS, Metric, metric_for
from autotransfer.problem import Problem
from autotransfer.splits import Fold, Split, make_folds, make_split
from autotransfer.task import SubTask

_DEFAULTS = {False: "accuracy", True: "r2"}
"""Without units, so that tasks can be averaged. By whether the task has values."""


def metric_of(problem: Problem, name: str | None) -> Metric:
    """The metric of that name, or the default, for one task or as the mean over several."""
    if problem.tasks:
        return mean_metric(name, problem.tasks)
    return metric_for(name, regression=problem.is_regression, unseen=bool(len(problem.unseen)))


def split_of(problem: Problem, seed: int) -> Split:
    """The split for the problem's labelled rows."""
    if not problem.tasks:
        unseen, few = len(problem.unseen), problem.lender is not None
        classes = not problem.is_regression
        return make_split(problem.target.labels, classes=classes, seed=seed, unseen=unseen, borrowed=few)
    found, place = strata(problem.target)
    split = make_split(found, classes=_all_classes(problem), seed=seed)
    folds = tuple(_expanded(fold, place) for fold in split.folds if isinstance(fold, Fold))
    return Split(folds, entries_of(place, split.confirm))


def folds_of(problem: Problem, seed: int) -> tuple[Fold, ...]:
    """Folds that partition the problem's labelled rows."""
    if not problem.tasks:
        unseen = len(problem.unseen)
        return make_folds(problem.target.labels, classes=not problem.is_regression, seed=seed, unseen=unseen)
    found, place = strata(problem.target)
    folds = make_folds(found, classes=_all_classes(problem), seed=seed)
    return tuple(_expanded(fold, place) for fold in folds)


def _expanded(fold: Fold, place: Array) -> Fold:
    return Fold(entries_of(place, fold.train), entries_of(place, fold.score))


def _all_classes(problem: Problem) -> bool:
    return all(task.classes is not None for task in problem.tasks)


def scores_by_task(
    name: str | None, tasks: tuple[SubTask, ...], truth: Array, predictions: Array
) -> list[float | None]:
    """What :func:`mean_metric` averages, of each task, larger is better; None where it is undefined."""
    metric, found = mean_metric(name, tasks), []
    for number in range(len(tasks)):
        mine = truth[:, 0] == number
        score = metric.score(truth[mine], predictions[mine])
        found.append(score if np.isfinite(score) else None)
    return found


def mean_metric(name: str | None, tasks: tuple[SubTask, ...]) -> Metric:
    """The mean over tasks of the metric of that name; tasks of the other kind are scored by accuracy or r2.

    R² is one minus the mean squared error over the variance of the task's labelled values, so that it is defined for
    any number of rows. Truth is (n, 2) or (rows, labels, 2), see ``entries``; tasks for which a metric is undefined are
    left out of the mean.

    Raises ``InputError`` when no task can be scored by it, or when the mean would mix errors with shares.
    """
    kinds = {task.classes is None for task in tasks}
    if name is not None and (name not in METRICS or METRICS[name].regression not in kinds or METRICS[name].by_role):
        fitting = [metric.name for metric in METRICS.values() if metric.regression in kinds and not metric.by_role]
        raise InputError(f"--metric {name}: these tasks are scored by one of {', '.join(fitting)}")
    chosen = {kind: METRICS[_DEFAULTS[kind]] for kind in sorted(kinds)}
    if name is not None:
        chosen[METRICS[name].regression] = METRICS[name]
    if len(chosen) > 1 and not all(metric.greater_is_better for metric in chosen.values()):
        raise InputError(f"--metric {name}: tasks with classes and with values are averaged; name one such as roc_auc")
    score = _Mean(tasks, chosen)
    first = next(iter(chosen.values()))
    return Metric(
        name="mean_" + "_".join(metric.name for metric in chosen.values()),
        value=score.value,
        regression=False not in kinds,
        greater_is_better=first.greater_is_better,
        relative=all(metric.relative for metric in chosen.values()),
        row_scores=score.rows if all(map(_by_rows, chosen.values())) else None,
        many=True,
    )


def _by_rows(metric: Metric) -> bool:
    return metric.name == "r2" or (metric.row_scores is not None and not metric.root)


class _Mean:
    """Scores of several tasks. ``chosen``: the metric by whether a task has values."""

    def __init__(self, tasks: tuple[SubTask, ...], chosen: Mapping[bool, Metric]) -> None:
        self._chosen = chosen
        self._tasks = tasks
        self._values = np.array([task.classes is None for task in tasks])
        self._variances = np.array([task.spread**2 for task in tasks])

    def value(self, truth: Array, predictions: Array) -> float:
        """In the metrics' own direction; NaN where it is defined for no task."""
        pairs, found, _ = _flat(truth, predictions)
        scores = []
        for number in np.unique(pairs[:, 0]).astype(int):
            mine = pairs[:, 0] == number
            scores.append(self._one(number, pairs[mine, 1], found[mine]))
        known = np.array(scores)[np.isfinite(scores)]
        return float(known.mean()) if len(known) else float("nan")

    def _one(self, number: int, y: Array, predictions: Array) -> float:
        metric = self._chosen[bool(self._values[number])]
        if metric.name == "r2":
            return 1.0 - float(np.mean((y - predictions[:, 0]) ** 2)) / float(self._variances[number])
        if metric.regression:
            return float(metric.value(y, predictions[:, 0]))
        return float(metric.value(y.astype(np.int64), predictions[:, : self._tasks[number].n_outputs]))

    def rows(self, truth: Array, predictions: Array) -> Array:
        """What each row adds, larger is better: the mean over rows is the mean over tasks of their means."""
        pairs, found, index = _flat(truth, predictions)
        task = pairs[:, 0].astype(np.int64)
        scores = np.empty(len(pairs))
        for values, metric in self._chosen.items():
            mine = self._values[task] == values
            y, p = pairs[mine, 1], found[mine]
            if metric.name == "r2":
                scores[mine] = 1.0 - (y - p[:, 0]) ** 2 / self._variances[task[mine]]
            elif values:
                scores[mine] = metric.rows(y, p[:, 0])
            else:
                scores[mine] = metric.rows(y.astype(np.int64), p)
        counts = np.bincount(task, minlength=len(self._tasks))
        weights = len(truth) / (np.count_nonzero(counts) * counts[task])
        return np.bincount(index, scores * weights, minlength=len(truth))


def _flat(truth: Array, predictions: Array) -> tuple[Array, Array, Array]:
    """Tasks and labels (m, 2), predictions (m, width) and the row of each entry, those without a label left out."""
    if truth.ndim == 2:
        return truth, predictions, np.arange(len(truth))
    row, place = np.nonzero(np.isfinite(truth[..., 0]))
    return truth[row, place], predictions[row, place], row
