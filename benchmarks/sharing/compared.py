"""Every multi-task method on random parts of a case, its settings chosen by folds of the training rows."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from autotransfer_multitask.auxiliary_cosine import AuxiliaryCosine
from autotransfer_multitask.gradient_clusters import GradientClusters
from autotransfer_multitask.mean_regularized import MeanRegularized
from autotransfer_multitask.single_task import SingleTask
from autotransfer_multitask.trace_norm import TraceNorm

from autotransfer.config import from_json
from autotransfer.data import Dataset
from autotransfer.learners import Linear
from autotransfer.many import folds_of
from autotransfer.method import Method
from autotransfer.problem import Problem
from autotransfer.task import Context, Task
from benchmarks.sharing.cases import Case

ALONE = SingleTask.name
_POWERS = (1.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True)
class Found:
    """Of a method on one part: its score in folds of the training rows and on the test rows, and CPU seconds."""

    validated: float
    tested: float
    seconds: float
    settings: str


@dataclass(frozen=True)
class Compared:
    """All methods on parts of one size. ``found``: by method, part by part."""

    case: str
    size: int
    found: dict[str, list[Found]]

    def rows(self) -> Iterator[dict[str, Any]]:
        """A row a method, and one for whichever multi-task method was best in the folds of each part."""
        for name, parts in self.found.items():
            yield self._row(name, parts)
        yield self._row("(best in folds)", self.chosen())

    def chosen(self) -> list[Found]:
        """Of each part the multi-task method whose validated score is best: test rows choose nothing."""
        others = [parts for name, parts in self.found.items() if name != ALONE]
        return [max(one, key=lambda found: found.validated) for one in zip(*others, strict=True)]

    def gain(self) -> float:
        """Mean test score of the chosen ones over that of single tasks."""
        return statistics.mean(a.tested - b.tested for a, b in zip(self.chosen(), self.found[ALONE], strict=True))

    def _row(self, name: str, parts: Sequence[Found]) -> dict[str, Any]:
        tested = [part.tested for part in parts]
        return {
            "table": f"{self.case}, {self.size} labelled rows a task, {len(parts)} random parts",
            "method": name,
            "test": statistics.mean(tested),
            "±": statistics.stdev(tested) if len(tested) > 1 else None,
            "validated": statistics.mean(part.validated for part in parts),
            "cpu seconds": statistics.mean(part.seconds for part in parts),
            "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "settings of the first": parts[0].settings,
        }


def settings_of(method: type[Method], *, networks: bool) -> list[Method]:
    """What is tried: penalties over their range; of networks the defaults and, unless told otherwise, one that is more
    held back."""
    if method is SingleTask:
        return [SingleTask(Linear(l2)) for l2 in (0.1, *_POWERS)]
    if method is MeanRegularized:
        return [MeanRegularized(own) for own in (*_POWERS, 1e4)]
    if method is TraceNorm:
        return [TraceNorm(penalty) for penalty in (1.0, 3.0, 10.0, 30.0, 100.0)]
    if method is GradientClusters:
        return [GradientClusters(clusters, own) for clusters in (2, 3) for own in (*_POWERS, 1e4)]
    if method is AuxiliaryCosine:
        return [method()]
    return [method(), *([from_json(method, {"width": 16, "decay": 1.0})] if networks else [])]


def compared(case: Case, rows: int, splits: int, methods: Sequence[type[Method]], *, networks: bool) -> Compared:
    """All methods on all parts with so many training rows of each task."""
    found: dict[str, list[Found]] = {method.name: [] for method in methods}
    for task, test in case.splits(rows, splits):
        for method in methods:
            found[method.name].append(on_part(method, case, task, test, networks=networks))
            last = found[method.name][-1]
            print(
                f"{case.name} {rows}: {method.name} {last.tested:.3f} {last.seconds:.1f} s", file=sys.stderr, flush=True
            )
    return Compared(case.name, rows, found)


def on_part(method: type[Method], case: Case, task: Task, test: Dataset, *, networks: bool) -> Found:
    """The settings that are best in folds, on the test rows."""
    started = time.process_time()
    choices = settings_of(method, networks=networks)
    scores = [validated(one, case, task) for one in choices]
    best = choices[int(np.argmax(scores))]
    tested = _score(case, test, best.fit(task, None, Context()).predict(test.without_labels()))
    seconds = time.process_time() - started
    return Found(max(scores), tested, seconds, ", ".join(f"{k}={v}" for k, v in best.params().items()))


def validated(method: Method, case: Case, task: Task) -> float:
    """The score of all training rows, each predicted by the fold that has not seen it."""
    train = task.train
    predictions = np.zeros((len(train), task.n_outputs))
    for fold in folds_of(Problem(case.name, train, None, tasks=task.tasks), seed=0):
        model = method.fit(replace(task, train=train.take(fold.train)), None, Context())
        predictions[fold.score] = model.predict(train.take(fold.score).without_labels())
    return _score(case, train, predictions)


def _score(case: Case, data: Dataset, predictions: np.ndarray) -> float:
    return case.score(data.task if data.task is not None else np.empty(0), data.labels, predictions)
