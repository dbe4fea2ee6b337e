"""What a method is given: a task (the target), a source, and a context. The confirm and test rows are not in here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from autotransfer.assets import Asset
from autotransfer.bridge import Bridge
from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder
from autotransfer.errors import OutOfTimeError
from autotransfer.predictor import Predictor


@dataclass(frozen=True)
class SubTask:
    """One of several things that a target is labelled for.

    :param classes: class names, index = value in ``y``; None for values.
    :param space: equal for tasks whose labels mean the same: those that come from one column.
    :param spread: standard deviation of the labelled values of the space, positive; 1 for classes.
    """

    name: str
    classes: tuple[str, ...] | None
    space: int = 0
    spread: float = 1.0

    @property
    def n_outputs(self) -> int:
        """One probability a class, or one value."""
        return len(self.classes or ()) or 1


@dataclass(frozen=True, eq=False)
class Task:
    """The target, as far as a method may see it.

    :param train: labelled rows; empty when the target has no labels.
    :param classes: class names, index = value in ``y``; None for regression.
    :param validation: labelled rows for early stopping; None where labels are too few to spare.
    :param unlabeled: target rows without labels, or None.
    :param class_attributes: (n_classes, n_attributes) or None.
    :param tasks: several tasks, each row being labelled for one (``Dataset.task``); ``classes`` is None then, and a
        prediction row is as wide as the widest task: probabilities, then zeros, or the value in the first column.
        Empty where there is one.
    :param class_words: what is said of each class in words beside its name, "" for nothing; None: of none.
    :param bridge: translations between the sources' language and the target's, or None.
    """

    train: Dataset
    classes: tuple[str, ...] | None
    validation: Dataset | None = None
    unlabeled: Dataset | None = None
    class_attributes: Array | None = None
    tasks: tuple[SubTask, ...] = ()
    class_words: tuple[str, ...] | None = None
    bridge: Bridge | None = None

    @property
    def is_regression(self) -> bool:
        """True when ``y`` holds values, False when it holds class indices."""
        return self.classes is None

    @property
    def n_classes(self) -> int:
        """Number of classes; 0 for regression."""
        return 0 if self.classes is None else len(self.classes)

    @property
    def n_outputs(self) -> int:
        """Width of a prediction row: one probability a class, or one value."""
        return max((task.n_outputs for task in self.tasks), default=self.n_classes or 1)

    @property
    def columns(self) -> int:
        """Of predictions (n, columns); 0 where they are values of shape (n,)."""
        return self.n_outputs if self.tasks else self.n_classes


@dataclass(frozen=True, eq=False)
class Source:
    """Something that may help: rows from elsewhere, a pretrained encoder, a model with a head, or several of these.

    :param offers: what it brings (the ``SOURCE_*``, ``SHARED_LABELS``, ``PAIRS`` and ``PRETRAINED`` flags).
    :param data: rows, their ``y`` in the index space of ``classes``.
    :param classes: class names of ``data.y``, the task's when ``SHARED_LABELS`` is offered; None for regression.
    :param encoder: pretrained representation that replaces the run's own encoders.
    :param head: predicts ``classes`` from raw inputs; values where they are None.
    :param modality: of the rows that the head takes, where the source does not come with rows or an encoder that tell.
    """

    name: str
    offers: Asset
    data: Dataset | None = None
    classes: tuple[str, ...] | None = None
    encoder: Encoder | None = None
    head: Predictor | None = None
    modality: Modality | None = None

    @property
    def rows(self) -> Dataset:
        """``data`` where there must be some."""
        if self.data is None:
            raise TypeError(f"source {self.name} has no rows")
        return self.data

    @property
    def captions(self) -> Array:
        """What a sentence says of each row, object array of ``str``, where ``PAIRS`` is offered."""
        if self.rows.captions is None:
            raise TypeError(f"source {self.name} has no captions")
        return self.rows.captions


def _ignore(step: int, score: float) -> None:
    """The report of a context that nobody listens to."""


@dataclass(frozen=True, eq=False)
class Context:
    """What surrounds one ``fit``: randomness, device, time and the way to report progress.

    :param seed: the only source of randomness a method may use.
    :param deadline: ``time.monotonic()`` value after which the method should have returned.
    :param report: ``report(step, score)``, score larger-is-better on validation rows; raises ``PrunedError``.
    """

    seed: int = 0
    device: str = "cpu"
    deadline: float = float("inf")
    report: Callable[[int, float], None] = field(default=_ignore)

    def rng(self) -> np.random.Generator:
        """A fresh generator, the same at every call."""
        return np.random.default_rng(self.seed)

    def seconds_left(self) -> float:
        """Seconds until the deadline, at least 0."""
        return max(0.0, self.deadline - time.monotonic())

    def check_time(self) -> None:
        """Call between epochs or iterations: raises ``OutOfTimeError`` once the deadline has passed."""
        if time.monotonic() > self.deadline:
            raise OutOfTimeError("the time given to this trial is spent")
