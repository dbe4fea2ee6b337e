"""Everything a trial needs, in one object that goes to each worker once; and the rows of a fold, encoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from autotransfer.assets import SOURCE_ASSETS, Asset
from autotransfer.data import Array, Dataset, Modality, concatenate
from autotransfer.encoder import Encoder
from autotransfer.entries import packed, packed_truth
from autotransfer.features import FeatureCache
from autotransfer.loan import borrow
from autotransfer.method import RAW, Method
from autotransfer.metrics import Metric
from autotransfer.problem import Problem
from autotransfer.splits import Borrowed, Parts, scored_rows, unseen_rows
from autotransfer.task import Source, Task
from autotransfer.thin import thinned
from autotransfer.validator import Validator

_LARGE, _LARGE_RATIO = 1000, 10
"""A source of so many rows, and so many times the target's, is large."""


@dataclass(frozen=True, eq=False)
class Bench:
    """A problem without its test rows, and the means to encode it.

    :param validator: what judges a trial where the target has no labels; None where it has.
    """

    problem: Problem
    encoders: Mapping[str, Encoder]
    cache: FeatureCache
    metric: Metric
    device: str = "cpu"
    validator: Validator | None = None
    _fit_rows: dict[tuple[bytes, str | None, int], Dataset] = field(default_factory=dict, repr=False)
    _thinned: dict[str, Source] = field(default_factory=dict, repr=False)

    def truth(self, folds: Parts) -> Array:
        """Labels of the rows that folds score, in row order, as the metric takes them; of borrowed classes, task after
        task."""
        lent = [borrow(self.problem, part).query_y for part in folds if isinstance(part, Borrowed)]
        if lent:
            return np.concatenate(lent)
        scored = scored_rows(folds)
        if self.problem.tasks:
            return packed_truth(self.problem.target, scored)
        y = self.problem.target.labels
        return self.metric.marked(y[scored], unseen_rows(y, folds))

    def by_row(self, folds: Parts, predictions: Array) -> Array:
        """Predictions of the rows that folds score, in the form of :meth:`truth`."""
        return packed(self.problem.target, scored_rows(folds), predictions) if self.problem.tasks else predictions

    def groups(self, folds: Parts) -> Array | None:
        """For tasks of borrowed classes: which one each row of :meth:`truth` is of. None where rows stand alone."""
        lent = [borrow(self.problem, part) for part in folds if isinstance(part, Borrowed)]
        if not lent:
            return None
        starts = np.cumsum([0, *(len(loan.tasks) for loan in lent)])
        return np.concatenate([loan.groups + start for loan, start in zip(lent, starts, strict=False)])

    def source(self, name: str | None, *, whole: bool) -> Source | None:
        """The source of that name with all its rows, or with as many as trials take."""
        source = self.problem.source(name)
        if source is None or whole:
            return source
        return self._thinned.setdefault(source.name, thinned(source))

    def encoder_for(self, method: type[Method], source: Source | None, name: str | None) -> Encoder | None:
        """The source's own encoder if it brings one, else the named one; None for methods that take raw rows."""
        if Modality.FEATURES not in method.modalities:
            return None
        if source is not None and source.encoder is not None:
            return source.encoder
        return None if name is None or name == RAW else self.encoders[name]

    def fit_rows(self, method: type[Method], source: Source | None, train: Array) -> Dataset:
        """The rows that an encoder may learn from: training rows, unlabelled rows, and the source's rows when the
        method may see them and they are in the target's columns. Beside a large source the training rows are left out:
        they would change next to nothing, and without them one encoding serves every fold."""
        seen = source.data if source is not None and method.needs & SOURCE_ASSETS and not _apart(source) else None
        large = seen is not None and len(seen) >= max(_LARGE, _LARGE_RATIO * len(self.problem.target))
        name, size = (None, 0) if seen is None or source is None else (source.name, len(seen))
        key = (b"" if large else np.asarray(train).tobytes(), name, size)
        if key not in self._fit_rows:
            parts = [None if large else self.problem.target.take(train), self.problem.unlabeled, seen]
            known = [part.without_labels() for part in parts if part is not None and len(part)]
            self._fit_rows[key] = concatenate("encoder rows", known) if known else self.problem.target
        return self._fit_rows[key]


@dataclass(frozen=True, eq=False)
class Prepared:
    """One fold, ready for a method: its task, its source and the rows to predict, all in one form.

    ``encoder`` and ``fit_rows`` are what brought them there; None for raw rows.
    """

    task: Task
    source: Source | None
    score: Dataset
    encoder: Encoder | None
    fit_rows: Dataset | None


def prepare(
    bench: Bench, method: type[Method], source: Source | None, encoder_name: str | None, rows: tuple[Array, Array]
) -> Prepared:
    """Rows ``(train, score)`` of the target, the unlabelled rows and the source's, encoded if the method wants that."""
    problem, (train, score) = bench.problem, rows
    encoder = bench.encoder_for(method, source, encoder_name)
    if encoder is None:
        task = _task(problem, problem.target.take(train), problem.unlabeled)
        return Prepared(task, source, problem.target.take(score), None, None)
    # Rows that an encoder ignores are not put together: images may differ in size.
    fit_rows = bench.fit_rows(method, source, train) if encoder.learns else problem.target

    def encode(data: Dataset | None, learned_from: Dataset = fit_rows) -> Dataset | None:
        return None if data is None else data.with_inputs(bench.cache.encode(encoder, learned_from, data))

    target = problem.target.with_inputs(bench.cache.encode(encoder, fit_rows, problem.target))
    task = _task(problem, target.take(train), encode(problem.unlabeled))
    return Prepared(task, _encoded(source, encode), target.take(score), encoder, fit_rows)


def _task(problem: Problem, train: Dataset, unlabeled: Dataset | None) -> Task:
    known = (problem.class_attributes, problem.tasks, problem.class_words, problem.bridge)
    return Task(train, problem.classes, None, unlabeled, *known)


def _encoded(source: Source | None, encode: Callable[..., Dataset | None]) -> Source | None:
    """The source's rows by the target's encoder, or, in columns of their own, by one that learned from them alone."""
    if source is None or source.data is None:
        return source
    data = encode(source.data, source.data.without_labels()) if _apart(source) else encode(source.data)
    return replace(source, data=data)


def _apart(source: Source) -> bool:
    return Asset.OTHER_COLUMNS in source.offers
