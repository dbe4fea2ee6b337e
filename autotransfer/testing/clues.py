"""Toy evidence for validators: two shifted domains, and predictions that are right or drawn by lot."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.metrics import METRICS
from autotransfer.testing.render import read_only
from autotransfer.validator import Clue, LabelFree

_CLASSES = 3
_MEANS = np.array([[6.0, 0.0], [0.0, 6.0], [-6.0, -6.0]])
_ROWS = (90, 45, 120)


def toy_evidence(*, regression: bool, by_lot: bool = False) -> LabelFree:
    """Three classes far apart (or values linear in the inputs), the target moved a little; predictions are right and
    sure, or drawn by lot and unsure."""
    rng = np.random.default_rng(20)
    parts = [_rows(rng, n, shift, regression=regression) for n, shift in zip(_ROWS, (0.0, 0.0, 0.5), strict=True)]
    known, held, target = (
        Dataset(name, Modality.FEATURES, X, y) for name, (X, y) in zip(("known", "held", "target"), parts, strict=True)
    )
    classes = 0 if regression else _CLASSES
    predicted = [_predicted(rng, part.labels, classes, by_lot=by_lot) for part in (held, target)]

    def refit(labeled: Dataset, unlabeled: Dataset, rows: Dataset) -> Array:
        return nearest(labeled, rows, classes)

    return LabelFree(
        known=known,
        held=held,
        target=target.without_labels(),
        held_predictions=predicted[0],
        target_predictions=predicted[1],
        known_features=known.X,
        held_features=held.X,
        target_features=target.X,
        n_classes=classes,
        metric=METRICS["rmse" if regression else "accuracy"],
        seed=3,
        refit=refit,
    )


def nearest(labeled: Dataset, rows: Dataset, n_classes: int) -> Array:
    """One nearest neighbour: probabilities, or values where ``n_classes`` is 0."""
    gaps = np.square(rows.X[:, None, :] - labeled.X[None, :, :]).sum(2)
    y = labeled.labels[gaps.argmin(1)]
    return np.asarray(np.eye(n_classes)[y] if n_classes else y)


def _rows(rng: np.random.Generator, n: int, shift: float, *, regression: bool) -> tuple[Array, Array]:
    y = rng.permutation(np.arange(n) % _CLASSES)
    X = _MEANS[y] + rng.normal(0.0, 1.0, (n, 2)) + shift
    return read_only(X), read_only(X[:, 0] - 2 * X[:, 1] if regression else y)


def _predicted(rng: np.random.Generator, y: Array, classes: int, *, by_lot: bool) -> Array:
    if not classes:
        return read_only(rng.permutation(y) if by_lot else y + rng.normal(0.0, 0.1, len(y)))
    logits = rng.normal(0.0, 0.3, (len(y), classes)) + (0.0 if by_lot else 6.0 * np.eye(classes)[y])
    weights = np.exp(logits)
    return read_only(weights / weights.sum(1, keepdims=True))


def only(needs: Clue, evidence: LabelFree) -> LabelFree:
    """The evidence without the clues that are not needed."""

    def refuse(labeled: Dataset, unlabeled: Dataset, rows: Dataset) -> NoReturn:
        raise LookupError("it fits the method again without Clue.REFIT in needs")

    if Clue.HELD_OUT not in needs:
        held_predictions = np.full_like(evidence.held_predictions, np.nan)
        evidence = replace(evidence, held=evidence.held.without_labels(), held_predictions=held_predictions)
    if Clue.TARGET not in needs:
        evidence = replace(evidence, target_predictions=np.full_like(evidence.target_predictions, np.nan))
    if Clue.FEATURES not in needs:
        empty = [np.empty((len(part), 0)) for part in (evidence.known, evidence.held, evidence.target)]
        evidence = replace(evidence, known_features=empty[0], held_features=empty[1], target_features=empty[2])
    return evidence if Clue.REFIT in needs else replace(evidence, refit=refuse)


def taken(evidence: LabelFree, known: Array, held: Array, target: Array) -> LabelFree:
    """The evidence of these rows of each part."""
    return replace(
        evidence,
        known=evidence.known.take(known),
        held=evidence.held.take(held),
        target=evidence.target.take(target),
        held_predictions=evidence.held_predictions[held],
        target_predictions=evidence.target_predictions[target],
        known_features=evidence.known_features[known],
        held_features=evidence.held_features[held],
        target_features=evidence.target_features[target],
    )


def reordered(evidence: LabelFree) -> LabelFree:
    """The rows of each part in another order."""
    rng = np.random.default_rng(1)
    parts = (evidence.known, evidence.held, evidence.target)
    return taken(evidence, *(rng.permutation(len(part)) for part in parts))


def crowd(evidence: LabelFree, n: int) -> LabelFree:
    """``n`` rows of each part, the same ones again and again where there are fewer."""
    return taken(evidence, *(np.arange(n) % len(part) for part in (evidence.known, evidence.held, evidence.target)))


def under_other_names(evidence: LabelFree) -> LabelFree:
    """Class k is called k + 1, the last one 0, everywhere."""
    k = evidence.n_classes

    def renamed(data: Dataset) -> Dataset:
        return data if data.y is None else replace(data, y=read_only((data.y + 1) % k))

    return replace(
        evidence,
        known=renamed(evidence.known),
        held=renamed(evidence.held),
        held_predictions=np.roll(evidence.held_predictions, 1, axis=1),
        target_predictions=np.roll(evidence.target_predictions, 1, axis=1),
    )
