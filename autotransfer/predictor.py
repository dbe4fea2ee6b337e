"""A fitted model: predicts, and turns into plain data and back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Self, final

from autotransfer.data import Array, Dataset
from autotransfer.footprint import Size, size_of
from autotransfer.state import State


class Predictor(ABC):
    """What ``Method.fit`` returns."""

    @abstractmethod
    def predict(self, data: Dataset) -> Array:
        """Class probabilities of shape (n, n_classes), rows summing to 1, or values of shape (n,)."""

    def represent(self, data: Dataset) -> Array:
        """What the predictions are made from, (n, d): features that the model has learned, here the rows as they are.

        Validators look at it. Raises ``TypeError`` for raw rows.
        """
        return data.X

    def for_source(self) -> Predictor:
        """The same model for rows of its source. Itself, unless the two domains take different ways to it."""
        return self

    def recollections(self) -> tuple[Recollection, ...]:
        """What it still knows of its source's own tasks, in the order in which it learned them. Empty where it learned
        none by itself, and after it was saved."""
        return ()

    def learned(self) -> Size:
        """What it has learned or kept, here the arrays of its state. A model whose state names something that is kept
        elsewhere, or that holds zeros on purpose, says it itself."""
        return size_of(self.state())

    def trained(self) -> Size | None:
        """What was trained of a pretrained network that is larger; None where there is no such network."""
        return None

    @abstractmethod
    def state(self) -> State:
        """Everything needed to predict, as plain data."""

    @classmethod
    @abstractmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`: equal predictions. The state may be hostile: never execute any of it."""


@final
@dataclass(frozen=True, eq=False)
class Recollection:
    """One of a source's own tasks: of pooled sources one a domain, in ascending order.

    :param scenario: ``domain-incremental`` (the classes are the target's), ``task-incremental`` (others, and the model
        is told which task a row is from) or ``class-incremental`` (not told), as it was trained.
    :param before: the model right after it learned the task; it gives the source's classes, (n, n_source_classes).
    :param after: the model now, told which task the rows are from where that matters.
    :param untold: the same not told: probabilities of the source's classes, then of the target's; None where there is
        no such difference, or where the model has to be told.
    """

    scenario: str
    before: Predictor
    after: Predictor
    untold: Predictor | None = None
