"""A trial on a target with too few labels for folds: the method on each task of borrowed classes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from autotransfer.bench import Bench, Prepared, prepare
from autotransfer.checked import predict_checked
from autotransfer.data import Array, Dataset
from autotransfer.fitting import Fitter
from autotransfer.loan import Loan, borrow
from autotransfer.predictor import Predictor
from autotransfer.splits import FOLDS, Borrowed
from autotransfer.task import Context, Source, Task

Names = tuple[str | None, str | None]
"""Of an arm's source, and of its encoder."""


@dataclass(frozen=True, eq=False)
class Lent:
    """What one part found: the last task with its model, and the predictions for the query rows of all."""

    prepared: Prepared
    predictor: Predictor
    predictions: Array


def judge(bench: Bench, fitter: Fitter, names: Names, part: Borrowed, context: Context) -> Lent:
    """The method on each task of a part. It may learn from all of its source but the classes that are held out."""
    loan = borrow(bench.problem, part)
    found: list[Array] = []
    last: tuple[Prepared, Predictor] | None = None
    for prepared in _prepared(bench, type(fitter.method), names, loan):
        paced = partial(_paced, left=len(loan.tasks) - len(found))
        predictor = fitter.fit(prepared.task, prepared.source, context, paced)
        found.append(predict_checked(fitter.method, predictor, prepared.score, prepared.task.n_classes))
        last = prepared, predictor
    if last is None:
        raise TypeError("a part has a task at least")
    return Lent(*last, np.concatenate(found))


def _paced(context: Context, left: int) -> Context:
    """For one of so many fits that are left: methods pace themselves for the folds of a trial, which are fewer."""
    share = FOLDS * context.seconds_left() / left
    return replace(context, deadline=min(context.deadline, time.monotonic() + share))


def _prepared(bench: Bench, method: type, names: Names, loan: Loan) -> Iterator[Prepared]:
    """Each task, encoded. An encoder that learns does so from the source's rows, or, for methods that use no source,
    from the task's own."""
    source = bench.source(names[0], whole=False)
    left = None if source is None else without(source, loan.names())
    held = np.flatnonzero(np.isin(loan.lender.rows.labels, loan.held))
    target, place = loan.lender.rows.take(held), np.zeros(len(loan.lender.rows), np.int64)
    place[held] = np.arange(len(held))
    encoder = bench.encoder_for(method, left, names[1])
    apart = left is None and encoder is not None and encoder.learns

    def of(rows: Dataset, train: Array, score: Array) -> Prepared:
        there = replace(bench.problem, target=rows, unlabeled=None, class_attributes=None)
        return prepare(replace(bench, problem=there, _fit_rows={}), method, left, names[1], (train, score))

    known = loan.lender.classes or ()
    whole = None if apart else of(target, np.empty(0, np.int64), np.arange(len(target)))
    for task in loan.tasks:
        support, query = place[task.support], place[task.query]
        if whole is None:
            both, count = target.take(np.concatenate([support, query])), len(support)
            found = of(both, np.arange(count), np.arange(count, len(both)))
            rows = found.task.train, found.score
        else:
            found, rows = whole, (whole.score.take(support), whole.score.take(query))
        train, score = (replace(part, y=y) for part, y in zip(rows, (task.support_y, task.query_y), strict=True))
        yield replace(found, task=Task(train, tuple(known[label] for label in task.classes)), score=score)


def without(source: Source, names: list[str]) -> Source:
    """The source without its rows of the classes of these names; what is left is numbered anew."""
    if source.data is None or source.data.y is None or source.classes is None:
        return source
    kept = np.flatnonzero(~np.isin(np.array(source.classes, dtype=object)[source.data.labels], names))
    rows = source.data.take(kept)
    labels, y = np.unique(rows.labels, return_inverse=True)
    return replace(source, data=replace(rows, y=y), classes=tuple(source.classes[label] for label in labels))
