"""A method on many small tasks: accuracy with its interval, seconds and memory."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.fitting import Fitter
from autotransfer.method import Method
from autotransfer.task import Context, Source, Task

Runs = Sequence[tuple[Task, Dataset]]
"""Tasks with few labelled rows, each with rows to be told."""


@dataclass(frozen=True, eq=False)
class Found:
    """:param accuracies: of each set of runs, one a run. :param seconds: of the processor, for learning from the source
    and for everything. :param wall: of the clock, for everything. :param peak: MiB of the process so far."""

    accuracies: tuple[Array, ...]
    learning: float
    seconds: float
    wall: float
    peak: float


def on_runs(method: Method, source: Source | None, sets: Iterable[Runs]) -> Found:
    """Learn from the source once, then adapt to each task."""
    fitter, started, clock = Fitter(method), time.process_time(), time.monotonic()
    learning, found = 0.0, []
    for runs in sets:
        scores = []
        for task, rows in runs:
            predictor = fitter.fit(task, source, Context(0))
            learning = learning or time.process_time() - started
            scores.append(float(np.mean(predictor.predict(rows.without_labels()).argmax(axis=1) == rows.labels)))
        found.append(np.array(scores))
    spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Found(tuple(found), learning, spent, time.monotonic() - clock, peak)


def interval(accuracies: Array) -> tuple[float, float]:
    """Mean and half of its 95 % interval, runs taken for independent."""
    return float(accuracies.mean()), float(1.96 * accuracies.std(ddof=1) / np.sqrt(len(accuracies)))


def say(words: str) -> None:
    """Progress."""
    print(words, file=sys.stderr, flush=True)


def episodes(rows: Dataset, classes: Array, shots: int, count: int, queries: int = 15) -> list[tuple[Task, Dataset]]:
    """Five-way tasks among the given classes, each with so many labelled rows a class; equal calls give equal tasks."""
    rng = np.random.default_rng(shots)
    found = []
    for _ in range(count):
        chosen = rng.permutation(classes)[:5]
        parts = [rng.permutation(np.flatnonzero(rows.labels == label))[: shots + queries] for label in chosen]
        train, score = (np.concatenate([part[cut] for part in parts]) for cut in (slice(shots), slice(shots, None)))
        known, asked = (_numbered(rows.take(part), chosen) for part in (train, score))
        found.append((Task(known, tuple(str(label) for label in chosen)), asked))
    return found


def _numbered(rows: Dataset, classes: Array) -> Dataset:
    place: Callable[[Any], int] = {label: number for number, label in enumerate(classes.tolist())}.__getitem__
    return Dataset(rows.name, rows.modality, rows.inputs, np.array([place(label) for label in rows.labels.tolist()]))
