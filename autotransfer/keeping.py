"""Source rows that a trial holds back, to see what becomes of the source's own task."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from autotransfer.checked import predict_checked
from autotransfer.data import Dataset
from autotransfer.errors import PluginError
from autotransfer.kept import Kept
from autotransfer.labelfree import hold_out
from autotransfer.method import Method
from autotransfer.metrics import Metric
from autotransfer.predictor import Predictor, Recollection
from autotransfer.splits import Round
from autotransfer.task import Source


def held_back(source: Source, index: int) -> tuple[Source, Dataset]:
    """The source without a fifth of its rows, and that fifth: another one for each fold, the same in all trials."""
    rows = source.rows
    held = hold_out(rows, len(source.classes or ()), Round(0, index))
    return replace(source, data=rows.take(~held)), rows.take(held)


def what_is_kept(method: Method, predictor: Predictor, rows: Dataset, metric: Metric) -> Kept | None:
    """The worst of the source's tasks; None where the metric is undefined on one of them.

    :param rows: labelled rows of the source that the model did not learn from.
    :raises PluginError: the model tells of another number of tasks than the rows are from, or predicts what is no
        probability of the source's classes.
    """
    parts, recollections = _by_domain(rows), predictor.recollections()
    if len(parts) != len(recollections):
        count = f"{len(recollections)} of the source's {len(parts)} tasks"
        raise PluginError(f"{method.name}: its model tells of {count}; let recollections hold one for each domain")
    found = [_kept(method, one, part, metric) for one, part in zip(recollections, parts, strict=True)]
    known = [kept for kept in found if kept is not None]
    return max(known, key=lambda kept: kept.forgetting) if len(known) == len(found) and known else None


def _by_domain(rows: Dataset) -> list[Dataset]:
    if rows.domain is None:
        return [rows]
    return [rows.take(rows.domain == label) for label in np.unique(rows.domain)]


def _kept(method: Method, one: Recollection, rows: Dataset, metric: Metric) -> Kept | None:
    n_classes = one.before.predict(rows.take(np.arange(0)).without_labels()).shape[1]
    before, after = (
        metric.score(rows.labels, predict_checked(method, model, rows, n_classes)) for model in (one.before, one.after)
    )
    if not np.isfinite([before, after]).all():
        return None
    untold = None if one.untold is None else metric.score(rows.labels, one.untold.predict(rows.without_labels()))
    return Kept(one.scenario, before, after, untold)
