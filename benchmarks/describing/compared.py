"""Every zero-shot method on a case, its settings chosen on labelled classes that are held out whole."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.method import Method
from autotransfer.metrics import METRICS
from autotransfer.predictor import Predictor
from autotransfer.splits import make_class_folds
from autotransfer.task import Context, Task
from benchmarks.describing.case import Case

_Choice = TypeVar("_Choice", bool, int, float, str)
H = METRICS["harmonic_mean"]


@final
@dataclass(frozen=True, eq=False)
class Drawn:
    """Settings at random: a ``Suggest``."""

    rng: np.random.Generator

    def suggest_float(self, name: str, low: float, high: float, *, log: bool = False) -> float:
        """Uniform, or uniform in the logarithm."""
        if log:
            return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))
        return float(self.rng.uniform(low, high))

    def suggest_int(self, name: str, low: int, high: int, *, log: bool = False) -> int:
        """The same in whole numbers."""
        return round(self.suggest_float(name, low, high, log=log))

    def suggest_categorical(self, name: str, choices: Sequence[_Choice]) -> _Choice:
        """Any of them."""
        return choices[int(self.rng.integers(len(choices)))]


@dataclass(frozen=True)
class Found:
    """Of one split. ``among``: per-class mean accuracy where only unseen classes can be named. ``seen``, ``unseen``,
    ``harmonic``: where all can."""

    among: float
    seen: float
    unseen: float
    harmonic: float


def compared(case: Case, methods: Sequence[type[Method]], tries: int) -> Iterator[dict[str, Any]]:
    """A row a method: means over the splits. ``tries``: random settings beside the defaults."""
    chance = statistics.mean(1 / len(split) for split in case.splits)
    for method in methods:
        started = time.process_time()
        found = [on_split(method, *part, tries) for part in case.parts()]
        among = statistics.mean(one.among for one in found)
        yield {
            "case": case.name,
            "method": method.name,
            "splits": len(found),
            "among unseen": among,
            "chance": chance,
            "factor": among / chance,
            "seen": statistics.mean(one.seen for one in found),
            "unseen": statistics.mean(one.unseen for one in found),
            "harmonic": statistics.mean(one.harmonic for one in found),
            "cpu seconds": time.process_time() - started,
        }


def on_split(method: type[Method], task: Task, test: Dataset, unseen: Array, tries: int) -> Found:
    """Two models: one whose settings were best among held-out classes alone, one by the harmonic mean."""
    rng = np.random.default_rng(0)
    settings = [method(), *(method.suggest(Drawn(rng)) for _ in range(tries))]
    validated = [_validated(one, task, len(unseen)) for one in settings] if tries else [(0.0, 0.0)]
    best = [settings[int(np.argmax([scores[part] for scores in validated]))] for part in (0, 1)]
    narrow, wide = (one.fit(task, None, Context(0)).predict(test) for one in best)
    hidden = np.isin(test.labels, unseen)
    return Found(
        _among(narrow[hidden], test.labels[hidden], unseen),
        _per_class(wide[~hidden], test.labels[~hidden]),
        _per_class(wide[hidden], test.labels[hidden]),
        H.score(H.marked(test.labels, hidden), wide),
    )


def _validated(method: Method, task: Task, n_unseen: int) -> tuple[float, float]:
    """Mean over class folds of the accuracy among the held-out classes, and of the harmonic mean."""
    y, scores = task.train.labels, []
    known = np.unique(y)
    for fold in make_class_folds(y, seed=0, unseen=n_unseen):
        part, score = replace(task, train=task.train.take(fold.train)), task.train.take(fold.score)
        hidden = ~np.isin(score.labels, part.train.labels)
        held = np.setdiff1d(known, part.train.labels)
        if not len(part.train) or hidden.all():
            continue
        predicted = _narrowed(method.fit(part, None, Context(0)), score, known)
        among = _among(predicted[hidden], score.labels[hidden], held)
        scores.append((among, H.score(H.marked(score.labels, hidden), predicted)))
    return statistics.mean(one for one, _ in scores), statistics.mean(two for _, two in scores)


def _narrowed(model: Predictor, rows: Dataset, known: Array) -> Array:
    """Predictions without the classes that no row of the training part is of."""
    predicted = model.predict(rows)
    found = np.zeros_like(predicted)
    found[:, known] = predicted[:, known]
    return found


def _among(predicted: Array, y: Array, classes: Array) -> float:
    only = np.full_like(predicted, -1.0)
    only[:, classes] = predicted[:, classes]
    return _per_class(only, y)


def _per_class(predicted: Array, y: Array) -> float:
    return METRICS["balanced_accuracy"].score(y, predicted)
