"""A method that does nothing, to measure everything around it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Self

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset
from autotransfer.hookspecs import hookimpl
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.task import Context, Source, Task
from autotransfer.trial import TrialRecord

NAME = "idle"


@dataclass(frozen=True)
class IdlePredictor(Predictor):
    """Finds all classes equally likely."""

    n_classes: int

    def predict(self, data: Dataset) -> Array:
        """(n, n_classes), all entries equal."""
        return np.full((len(data), self.n_classes), 1 / self.n_classes)

    def state(self) -> State:
        """The number of classes."""
        return {"n_classes": self.n_classes}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(int(state["n_classes"]))


@dataclass(frozen=True)
class Idle(Method):
    """Looks at nothing and learns nothing.

    :param strength: without any effect, in [0, 1], so that there is something to search.
    """

    name: ClassVar[str] = NAME
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "none"
    predictor: ClassVar[type[Predictor]] = IdlePredictor

    strength: float = 0.5

    def fit(self, task: Task, source: Source | None, ctx: Context) -> IdlePredictor:
        """Nothing."""
        return IdlePredictor(task.n_classes)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """One number."""
        return cls(suggest.suggest_float("strength", 0.0, 1.0))


class IdlePlugin:
    """Brings :class:`Idle` and notes when its trials finish."""

    def __init__(self) -> None:
        self._finished: list[tuple[float, str]] = []

    @hookimpl
    def transfer_methods(self) -> Sequence[type[Method]]:
        """The idle method."""
        return [Idle]

    @hookimpl
    def trial_finished(self, record: TrialRecord) -> None:
        """Note the time."""
        self._finished.append((time.perf_counter(), record.choice.method))

    def intervals(self) -> list[float]:
        """Seconds from the end of a trial to the end of the next, where the next one is idle."""
        return [end - begin for (begin, _), (end, method) in pairwise(self._finished) if method == NAME]
