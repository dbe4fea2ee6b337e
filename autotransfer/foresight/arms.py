"""Arms as rows of a table: what is known of them before they are tried, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError


@final
@dataclass(frozen=True, eq=False)
class Arms:
    """What is known of n arms before they are tried.

    :param features: (n, d) float64; NaN where unknown. None is computed from outcomes of arms in the same table: folds
        could not take them back, and what is learned would look better than it is. Records are what ``keys`` are for.
    :param names: of the d features, as a reader would say them.
    :param keys: (n, k) strings, k >= 1, from coarse to fine: past arms with an equal key give the base rate. Each
        column is one level, e.g. the kind of source, the method, both together.
    :param tasks: (n,) strings. Arms of one task compete: ranks and standings are among them.
    :param targets: (n,) strings. Arms of one target are never on both sides of a split, so tasks that share rows or a
        population (label budgets, shifts of one data set) have one target.
    """

    features: Array
    names: tuple[str, ...]
    keys: Array
    tasks: Array
    targets: Array

    def __post_init__(self) -> None:
        n = len(self.targets)
        if self.features.shape != (n, len(self.names)):
            rule = f"features have shape ({n}, {len(self.names)}), a column for each name"
            raise InputError(f"arms: {rule}, not {self.features.shape}")
        if self.keys.ndim != 2 or len(self.keys) != n or self.keys.shape[1] == 0:
            raise InputError(f"arms: keys have shape ({n}, levels), not {self.keys.shape}")
        if self.tasks.shape != (n,):
            raise InputError(f"arms: tasks have shape ({n},), not {self.tasks.shape}")
        if np.isinf(self.features).any():
            raise InputError("arms: features are finite, or NaN where unknown; found an infinite one")

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, rows: Array) -> Arms:
        """These rows, by position or mask."""
        return Arms(self.features[rows], self.names, self.keys[rows], self.tasks[rows], self.targets[rows])


@final
@dataclass(frozen=True, eq=False)
class Experience:
    """Arms that were tried.

    :param gain: (n,) points over the baseline, larger is better; NaN where the arm failed.
    :param seconds: (n,); NaN where not measured.
    :param delta: points of loss from which on an outcome counts as negative: gain < -delta.
    """

    arms: Arms
    gain: Array
    seconds: Array
    delta: float = 0.0

    def __post_init__(self) -> None:
        for name, column in (("gain", self.gain), ("seconds", self.seconds)):
            if column.shape != (len(self.arms),):
                raise InputError(f"experience: {name} has shape ({len(self.arms)},), not {column.shape}")
            if np.isinf(column).any():
                raise InputError(f"experience: {name} is finite, or NaN where unknown; found an infinite one")

    def __len__(self) -> int:
        return len(self.arms)

    def take(self, rows: Array) -> Experience:
        """These rows, by position or mask."""
        return Experience(self.arms.take(rows), self.gain[rows], self.seconds[rows], self.delta)

    def without(self, target: str) -> Experience:
        """What is left when one target is put aside."""
        return self.take(self.arms.targets != target)


@final
@dataclass(frozen=True)
class Outlook:
    """What is expected of one arm.

    :param gain: points over the baseline, with its interval ``low`` to ``high`` that covers a new target's outcome with
        probability ``level`` (less than was asked for where there are too few targets).
    :param risk: P(gain < -delta), calibrated on targets that the model had not seen.
    :param rank: 1 for the arm to try first; among the arms of the same task.
    :param seconds: None where no past arm was timed.
    :param little_evidence: whether the figures are base rates rather than knowledge of this target.
    :param reason: one line: what moves this arm away from the base rate.
    """

    gain: float
    low: float
    high: float
    level: float
    risk: float
    rank: int
    seconds: float | None
    little_evidence: bool
    reason: str
