"""Reverse validation: a score for a target without labels.

Zhong, Fan, Yang, Verscheure & Ren, "Cross validation framework to choose amongst models and datasets for transfer
learning", ECML PKDD 2010, https://doi.org/10.1007/978-3-642-15939-8_35; in the form of Ganin et al.,
"Domain-adversarial training of neural networks", JMLR 17, 2016, https://jmlr.org/papers/v17/15-239.html.

Labelled source rows are divided 9:1 into S and V. A method learns from S and the unlabelled target rows, and labels the
latter. The same method then learns from these pseudo-labels and the rows of S without theirs, and predicts V. Labels
that survive the way to the target and back were carried over with some sense. The score is an estimate for ranking: a
source that is wrong throughout in one and the same way, such as two classes exchanged, finds its way back all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from autotransfer.assets import Asset, describe, missing
from autotransfer.bench import Prepared
from autotransfer.checked import predict_checked
from autotransfer.data import Array, Dataset
from autotransfer.method import Method
from autotransfer.metrics import Metric
from autotransfer.predictor import Predictor
from autotransfer.splits import Round, deal
from autotransfer.task import Context, Source, Task

_PARTS = 10
"""One part in ten is held out, as in the paper."""
_LABELED = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS


@dataclass(frozen=True, eq=False)
class Reversed:
    """What one round found.

    :param predictor: the forward model; ``pseudo`` is what it predicts for the unlabelled target rows.
    :param score: larger-is-better, of the reverse model on the source rows held out.
    """

    predictor: Predictor
    pseudo: Array
    score: float


def why_not(method: type[Method], source: Source | None) -> str | None:
    """Why an arm cannot be validated in reverse, in words; None when it can."""
    if source is None:
        return "without target labels a method is judged by source rows with the target's labels, and it uses no source"
    lacking = missing(_LABELED, source.offers)
    if lacking or source.data is None:
        return f"without target labels it can only be judged with {describe(lacking or Asset.SOURCE_INPUTS)}"
    if method.needs & Asset.SOURCE_HEAD:
        return "without target labels it cannot be judged: the source's head has seen the rows that would judge it"
    return None


def reverse_validate(method: Method, prepared: Prepared, metric: Metric, part: Round, context: Context) -> Reversed:
    """One round. The labels of a source of several domains have to find back to each of them.

    :param prepared: without labelled target rows.
    :raises PluginError: predictions have a wrong shape or are not finite.
    """
    task, source = prepared.task, prepared.source
    if source is None or task.unlabeled is None:
        raise TypeError("reverse validation needs source rows and unlabelled target rows")
    rows = source.rows
    held = hold_out(rows, task.n_classes, part.seed)
    offers = source.offers & ~Asset.SOURCE_HEAD
    there = replace(source, offers=offers, data=rows.take(~held), head=None)
    forward = method.fit(task, there, context)
    pseudo = predict_checked(method, forward, task.unlabeled, task.n_classes)
    back = replace(there, name=task.unlabeled.name, data=pseudo_labeled(task.unlabeled, pseudo))
    y, predicted = [], []
    for domain in _domains(rows):
        known, unseen = rows.take(domain[~held[domain]]), rows.take(domain[held[domain]])
        if len(unseen):
            y.append(unseen.labels)
            predicted.append(_predict_back(method, back, task, (known, unseen), context))
    return Reversed(forward, pseudo, metric.score(np.concatenate(y), np.concatenate(predicted)))


def hold_out(rows: Dataset, n_classes: int, seed: int) -> Array:
    """Which rows are held out, bool (n,): a tenth of each domain and class, more of small ones so that two classes
    appear on both sides wherever a domain has two rows of each."""
    held = np.zeros(len(rows), dtype=bool)
    for domain in _domains(rows):
        if len(domain) > 1:
            y = rows.labels[domain]
            held[domain] = deal(y, _parts(y, n_classes), classes=n_classes > 0, seed=seed) == 0
    return held


def pseudo_labeled(rows: Dataset, predictions: Array) -> Dataset:
    """The rows with the likeliest class, or the predicted value, as their label."""
    y = predictions.argmax(axis=1).astype(np.int64) if predictions.ndim == 2 else predictions.astype(np.float64)
    return replace(rows, y=y, domain=None)


def _predict_back(method: Method, back: Source, task: Task, rows: tuple[Dataset, Dataset], context: Context) -> Array:
    """The reverse model's predictions for the second part of the rows; it has seen the first part without labels."""
    known, unseen = (replace(part, domain=None) for part in rows)
    labels = np.unique(back.rows.labels)
    if len(labels) == 1:  # nothing to learn, and not every method takes a single class
        constant = np.eye(task.n_classes)[int(labels[0])] if task.n_classes else labels[0]
        return np.asarray(np.broadcast_to(constant, (len(unseen), *np.shape(constant))))
    reverse_task = replace(task, train=known.take(np.arange(0)), unlabeled=known.without_labels())
    return predict_checked(method, method.fit(reverse_task, back, context), unseen, task.n_classes)


def _domains(rows: Dataset) -> list[Array]:
    """Positions of the rows of each domain."""
    if rows.domain is None:
        return [np.arange(len(rows))]
    return [np.flatnonzero(rows.domain == label) for label in np.unique(rows.domain)]


def _parts(y: Array, n_classes: int) -> int:
    """As many parts as leave a row of two classes in each, between 2 and 10."""
    second = np.sort(np.bincount(y, minlength=n_classes))[-2] if n_classes else len(y)
    return int(np.clip(second, 2, min(_PARTS, len(y))))
