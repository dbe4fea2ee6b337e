"""The whole question: a target with its held-out rows, and the sources. The engine alone sees all of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autotransfer.assets import Asset
from autotransfer.bridge import Bridge
from autotransfer.data import Array, Dataset, Modality
from autotransfer.task import Source, SubTask

FEWEST_SEEN = 3
"""Classes with labelled rows from which on some can be held out, to see how well descriptions tell classes."""

FEW_ROWS, FEW_IN_ALL = 4, 10
"""Labelled rows of the largest class up to which, and in all below which, folds of them say next to nothing."""
LENDING_CLASSES = 8
"""Classes with two rows that a source must have to lend some of them, while enough are left to learn from."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read a data set.

    :param label: label column of a table; None: ``label``, ``target``, ``class`` or ``y`` if present, else the last.
    :param text: text column; None: a table whose only other column is long text is a text data set.
    :param drop: columns to leave out.
    :param like: feature columns of the target, when another table is read to go with it. A table without the label
        column is then unlabelled, and a last column that the target has as a feature is not taken for a label.
    :param task: column that tells which of several tasks a row is labelled for; None: there is one, or ``label``
        names several columns.
    """

    label: str | None = None
    text: str | None = None
    drop: tuple[str, ...] = ()
    like: tuple[str, ...] | None = None
    task: str | None = None


@dataclass(frozen=True, eq=False)
class RawData:
    """What a reader found, before labels are matched between data sets.

    :param labels: None, or float64 / object (``str``) of shape (n,); missing labels are NaN or None.
    :param class_names: display order of the classes, when the file states one.
    :param class_attributes: (n_classes, n_attributes) in the order of ``class_names``.
    :param class_words: what is said of each class in words, in the same order, "" for nothing.
    :param captions: None, or object (``str``) of shape (n,): a sentence on each row.
    :param notes: one line for everything that was skipped or repaired, to be shown to the user.
    :param label: name of the column that the labels came from; None where labels are no column.
    :param also: further label columns, (name, labels); or, where ``ReadOptions.task`` names it, the column of tasks.
    """

    name: str
    modality: Modality
    inputs: object
    labels: Array | None = None
    class_names: tuple[str, ...] | None = None
    class_attributes: Array | None = None
    notes: tuple[str, ...] = ()
    label: str | None = None
    also: tuple[tuple[str, Array], ...] = ()
    class_words: tuple[str, ...] | None = None
    captions: Array | None = None


@dataclass(frozen=True, eq=False)
class Problem:
    """A target, the sources, and the test rows.

    :param target: labelled target rows, the test rows left out; may be empty.
    :param classes: class names, index = value in ``y``; None for regression.
    :param unlabeled: target rows without a label, or None.
    :param test: labelled rows that are scored once, at the end; None when there are none.
    :param notes: what was found while loading, one line each.
    :param skipped: sources that cannot be used at all, with the reason: ``(source, reason)``.
    :param tasks: as in :class:`~autotransfer.task.Task`: several of them, ``classes`` being None, or empty.
    :param class_words: as in :class:`~autotransfer.task.Task`.
    :param bridge: translations between the sources' language and the target's, or None.
    """

    name: str
    target: Dataset
    classes: tuple[str, ...] | None
    sources: tuple[Source, ...] = ()
    unlabeled: Dataset | None = None
    test: Dataset | None = None
    class_attributes: Array | None = None
    notes: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    tasks: tuple[SubTask, ...] = ()
    class_words: tuple[str, ...] | None = None
    bridge: Bridge | None = None

    @property
    def is_regression(self) -> bool:
        """True when the target has values, False when it has classes."""
        return self.classes is None

    @cached_property
    def unseen(self) -> Array:
        """Described classes without a labelled row, as indices into ``classes``; empty where none is described, and
        where fewer than :data:`FEWEST_SEEN` classes have rows."""
        if self.class_attributes is None or self.is_regression or not self.n_labeled:
            return np.empty(0, np.int64)
        rows = self.class_counts()
        return np.flatnonzero(rows == 0) if np.count_nonzero(rows) >= FEWEST_SEEN else np.empty(0, np.int64)

    @cached_property
    def lender(self) -> Source | None:
        """The source whose classes stand in for the target's in trials, because the target has a few labelled rows of
        each class alone: of those with other classes the one with most. None where there is none, and where the
        target's own rows serve."""
        if self.is_regression or self.tasks or not self.n_labeled or len(self.unseen):
            return None
        counts = self.class_counts()
        if np.count_nonzero(counts) < 2 or (counts.max() > FEW_ROWS and self.n_labeled >= FEW_IN_ALL):
            return None
        known = {source.name: lent_classes(source) for source in self.sources}
        best = max(self.sources, key=lambda source: known[source.name], default=None)
        return best if best is not None and known[best.name] >= LENDING_CLASSES else None

    @property
    def n_labeled(self) -> int:
        """Labelled target rows that are not test rows."""
        if self.target.row is not None:
            return len(np.unique(self.target.row))
        return 0 if self.target.y is None else len(self.target)

    def offered(self, source: Source | None) -> Asset:
        """Assets on the table when this source is used."""
        assets = Asset.NONE if source is None else source.offers
        if self.n_labeled:
            assets |= Asset.TARGET_LABELS
        if self.tasks:
            assets |= Asset.MANY_TARGETS
        if self.unlabeled is not None and len(self.unlabeled):
            assets |= Asset.TARGET_UNLABELED
        if self.class_attributes is not None:
            assets |= Asset.CLASS_ATTRIBUTES
        if len(self.unseen):
            assets |= Asset.UNSEEN_CLASSES
        if self.bridge is not None:
            assets |= self.bridge.offers()
        return assets

    def source(self, name: str | None) -> Source | None:
        """The source of that name; None for None."""
        if name is None:
            return None
        return next(source for source in self.sources if source.name == name)

    def class_counts(self) -> Array:
        """Labelled rows of each class, shape (n_classes,)."""
        return np.bincount(self.target.labels, minlength=len(self.classes or ()))


def lent_classes(source: Source) -> int:
    """Classes of two rows and more that are not the target's."""
    labeled = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS
    if labeled & ~source.offers or Asset.SHARED_LABELS in source.offers or source.data is None:
        return 0
    return int(np.count_nonzero(np.unique(source.rows.labels, return_counts=True)[1] > 1))
