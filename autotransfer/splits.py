"""How labelled target rows are used: once, before anything is fitted.

Many labels: train, validation (the search sees it) and confirm (the guard alone). Few labels: stratified folds, so that
every row gets an out-of-fold prediction; the guard then corrects for the search instead of holding rows back.
No labels: rounds in which source rows are held out. Classes without labelled rows: folds that hold whole classes out.
A few rows a class: tasks of a source's classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array

FOLDS = 5
ROUNDS = 2
"""Rounds for a target without labels; each holds other source rows out. A validator may fit twice in each, so that a
trial costs at most four fits, where folds of labelled rows cost five."""
HOLDOUT_FROM = 1500
"""Labelled rows from which a held-out confirm part decides more sharply than folds do for their cost."""


@dataclass(frozen=True, eq=False)
class Fold:
    """Positions of labelled target rows: ``train`` to fit, ``score`` to predict and score."""

    train: Array
    score: Array


@dataclass(frozen=True)
class Round:
    """What stands in for a fold where the target has no labels: ``seed`` says how the source rows are divided, and
    ``index`` which part of them is held out."""

    seed: int
    index: int


@dataclass(frozen=True)
class Borrowed:
    """What stands in for a fold where the target has too few labelled rows: tasks of the target's form with classes of
    a source. ``seed`` says how its classes are divided, and ``index`` which of them are held out."""

    seed: int
    index: int


Parts = tuple[Fold | Round | Borrowed, ...]


@dataclass(frozen=True, eq=False)
class Split:
    """The plan for one run.

    :param folds: what a trial is evaluated on.
    :param confirm: positions of the rows that neither search nor selection sees; empty when there are too few to spare.
    """

    folds: Parts
    confirm: Array

    @property
    def has_confirm(self) -> bool:
        """True when the guard has rows of its own."""
        return len(self.confirm) > 0

    @property
    def is_borrowed(self) -> bool:
        """True when trials are scored on classes of a source."""
        return any(isinstance(part, Borrowed) for part in self.folds)


def scored_rows(folds: Parts) -> Array:
    """Positions, ascending, of all labelled rows that a complete trial predicts."""
    parts = [fold.score for fold in folds if isinstance(fold, Fold)]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def in_row_order(folds: tuple[Fold, ...], predictions: Array) -> Array:
    """Predictions made fold after fold, in the order of :func:`scored_rows`."""
    return np.asarray(predictions[np.argsort(np.concatenate([fold.score for fold in folds]))])


def make_split(y: Array, *, classes: bool, seed: int, unseen: int = 0, borrowed: bool = False) -> Split:
    """The split for labelled rows ``y`` of shape (n,), the same for equal seeds.

    :param unseen: how many classes there are besides, which no row is of. Held-out rows of other classes would say
        nothing about those: then there are folds, however many labels there are.
    :param borrowed: whether a source lends its classes, because there are too few rows.
    """
    if borrowed:
        return Split(tuple(Borrowed(seed, index) for index in range(ROUNDS)), np.empty(0, np.int64))
    if unseen and len(y):
        return Split(make_folds(y, classes=classes, seed=seed, unseen=unseen), np.empty(0, np.int64))
    if len(y) == 0:
        return Split(tuple(Round(seed, index) for index in range(ROUNDS)), np.empty(0, np.int64))
    if len(y) < HOLDOUT_FROM:
        return Split(make_folds(y, classes=classes, seed=seed), np.empty(0, np.int64))
    part = deal(y, FOLDS, classes=classes, seed=seed)
    return Split((Fold(np.flatnonzero(part > 1), np.flatnonzero(part == 1)),), np.flatnonzero(part == 0))


def make_folds(y: Array, *, classes: bool, seed: int, unseen: int = 0) -> tuple[Fold, ...]:
    """Folds that partition the rows; each score part has each class in proportion. Where there are ``unseen`` classes,
    whole classes are held out instead (:func:`make_class_folds`)."""
    if unseen:
        return make_class_folds(y, seed=seed, unseen=unseen)
    part = deal(y, min(FOLDS, len(y)), classes=classes, seed=seed)
    return tuple(
        Fold(np.flatnonzero(part != index), np.flatnonzero(part == index)) for index in range(int(part.max()) + 1)
    )


def make_class_folds(y: Array, *, seed: int, unseen: int) -> tuple[Fold, ...]:
    """Folds for a target that has classes without labelled rows: each holds some classes out whole, as if nobody had
    labelled them, and a share of the other classes' rows.

    Of each class, half of the rows are scored where it is held out, the others in the other folds: every row is scored
    once. Which half, depends on ``y`` alone, so that rounds with other seeds can be compared row by row. A fold trains
    on no row of a class that it holds out.

    :param y: of two classes at least.
    :param unseen: number of classes without labelled rows. A fold holds about as many out, as far as two to five folds
        allow: among few classes a guess is often right.
    """
    rng, halves = np.random.default_rng(seed), deal(y, 2, classes=True, seed=0)
    classes = rng.permutation(np.unique(y))
    parts = int(np.clip(round(len(classes) / max(unseen, 1)), 2, min(FOLDS, len(classes))))
    part, home = np.empty(len(y), np.int64), np.empty(len(y), np.int64)
    for place, label in enumerate(classes):
        home[y == label] = part[(y == label) & (halves == 0)] = place % parts
        others = rng.permutation(np.flatnonzero((y == label) & (halves == 1)))
        part[others] = (place + 1 + np.arange(len(others)) % (parts - 1)) % parts
    return tuple(
        Fold(np.flatnonzero((part != index) & (home != index)), np.flatnonzero(part == index)) for index in range(parts)
    )


def unseen_rows(y: Array, folds: Parts) -> Array:
    """Of the rows that folds score, in the order of :func:`scored_rows`: whether the fold trains on no row of their
    class. Bool."""
    by_rows = tuple(fold for fold in folds if isinstance(fold, Fold))
    if not by_rows:
        return np.empty(0, dtype=bool)
    return in_row_order(by_rows, np.concatenate([~np.isin(y[fold.score], y[fold.train]) for fold in by_rows]))


def deal(y: Array, parts: int, *, classes: bool, seed: int) -> Array:
    """Deal rows into ``parts`` like cards, sorted by ``y`` and shuffled among equals: int64 of shape (n,).

    Sizes differ by at most one, and so do the counts of each class (for values: of each stretch of ``parts`` ranks).
    """
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(len(y))
    order = shuffled[np.argsort(y[shuffled], kind="stable")]
    part = np.empty(len(y), np.int64)
    if classes:
        part[order] = (np.arange(len(y)) + rng.integers(parts)) % parts
        return part
    for start in range(0, len(y), parts):
        stretch = order[start : start + parts]
        part[stretch] = rng.permutation(parts)[: len(stretch)]
    return part
