"""Validators: what a fitted method is worth on a target without labels, told by all that is known but the labels."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Flag, auto
from typing import ClassVar, TypeAlias

from autotransfer.data import Array, Dataset
from autotransfer.metrics import Metric
from autotransfer.trial import KnownError


class Clue(Flag):
    """What a validator looks at."""

    NONE = 0
    HELD_OUT = auto()
    TARGET = auto()
    FEATURES = auto()
    ROW_LOSSES = auto()
    REFIT = auto()


_WORDS: dict[Clue, str] = {
    Clue.HELD_OUT: "predictions for labelled source rows held out",
    Clue.TARGET: "predictions for unlabelled target rows",
    Clue.FEATURES: "features of both domains",
    Clue.ROW_LOSSES: "a metric that is a mean over rows",
    Clue.REFIT: "further fits of the method",
}


def describe(clues: Clue) -> str:
    """The clues in words, joined by commas; ``"nothing"`` for none."""
    return ", ".join(_WORDS[clue] for clue in clues) or "nothing"


Refit: TypeAlias = Callable[[Dataset, Dataset, Dataset], Array]
"""(labelled rows, unlabelled rows, rows to predict) -> the predictions of the same method and settings, fitted anew
with the first as its source and the second as its target. Raises what the method raises."""


@dataclass(frozen=True, eq=False)
class LabelFree:
    """One fit of a method and everything that may be known of it without a target label.

    :param known: the m labelled source rows that it was fitted on.
    :param held: v labelled source rows that it has not seen.
    :param target: n unlabelled target rows, which it may have seen.
    :param held_predictions: for ``held``: probabilities (v, n_classes), or values (v,).
    :param target_predictions: for ``target``: (n, n_classes), or (n,).
    :param known_features: what the predictions are made from, (m, d): features that the model has learned, else the
        encoded rows; ``held_features`` (v, d), ``target_features`` (n, d). Width 0 unless asked for.
    :param n_classes: 0 for values.
    :param metric: the run's; a validator with ``in_metric`` estimates it.
    :param seed: the only source of randomness.
    """

    known: Dataset
    held: Dataset
    target: Dataset
    held_predictions: Array
    target_predictions: Array
    known_features: Array
    held_features: Array
    target_features: Array
    n_classes: int
    metric: Metric
    seed: int
    refit: Refit


class Validator(ABC):
    """One published validator. Concrete validators are frozen dataclasses.

    :cvar name: unique, lower case, underscores.
    :cvar needs: the clues that it looks at; the others may be empty.
    :cvar higher_is_better: direction of the published quantity, in which reports show it.
    :cvar in_metric: whether the score estimates the run's metric; it is shown in the metric's direction then.
    :cvar unit: what the published quantity is measured in, and its range.
    :cvar cost: complexity in m and v source rows, n target rows, d features, C classes, in words.
    :cvar meaning: one plain sentence for the report: what the score says and what it cannot see.
    """

    name: ClassVar[str]
    needs: ClassVar[Clue]
    higher_is_better: ClassVar[bool]
    in_metric: ClassVar[bool] = False
    unit: ClassVar[str]
    cost: ClassVar[str]
    meaning: ClassVar[str]
    reference: ClassVar[str]
    regression: ClassVar[bool] = False
    classification: ClassVar[bool] = True

    @abstractmethod
    def score(self, evidence: LabelFree) -> float:
        """Larger is better, whatever ``higher_is_better``; NaN where it is undefined for these rows."""

    def known_error(self, *, regression: bool) -> KnownError | None:
        """What its picks have lost where target labels could judge them; None where nobody has measured it."""
        return None
