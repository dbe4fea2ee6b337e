"""What the main job achieved on test rows: one record per run, and the figures that sum them up. Nothing here fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from autotransfer.data import Array

POINT = 0.01
RESAMPLES = 2000
ROUNDING = 1e-9
LEVEL = 0.95
WORTHWHILE = 2 * POINT


@dataclass(frozen=True)
class Outcome:
    """One run of one task under one seed. Scores are larger-is-better on test rows: accuracy, or minus RMSE.

    :param shipped: score of the model that the run ships; None when the run failed.
    :param no_transfer: score of the run's own best no-transfer trial, by validation.
    :param pooled: likewise of the best pooled trial; None when none finished.
    :param arms: likewise of every arm (``"method × source"``) that finished.
    :param harmful: shipped below no-transfer by more than a point, and significantly so.
    :param error: why the run has no model.
    """

    task: str
    seed: int
    poisoned: bool
    regression: bool
    seconds: float
    decision: str = "failed"
    arm: str = ""
    shipped: float | None = None
    no_transfer: float | None = None
    pooled: float | None = None
    arms: dict[str, float] = field(default_factory=dict)
    harmful: bool = False
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outcome:
        """The inverse of :meth:`to_json`."""
        return cls(**data)


@dataclass(frozen=True)
class TaskSummary:
    """Mean scores of one task over its seeds. Arms count when they finished under every seed.

    :param best_arm: the arm with the highest mean score in hindsight.
    """

    task: str
    regression: bool
    no_transfer: float
    shipped: float
    pooled: float | None
    best_arm: str
    hindsight: float

    @property
    def worthwhile(self) -> bool:
        """Whether the best arm in hindsight is more than two points above no transfer."""
        unit = abs(self.no_transfer) if self.regression else 1.0
        return self.hindsight - self.no_transfer > WORTHWHILE * unit + ROUNDING

    @property
    def captured(self) -> float | None:
        """Share of the hindsight gain that was shipped; None where there was nothing worthwhile to gain."""
        if not self.worthwhile:
            return None
        return (self.shipped - self.no_transfer) / (self.hindsight - self.no_transfer)


def losses(y: Array, predictions: Array, *, regression: bool) -> Array:
    """Squared errors of values (n,), or 0/1 errors of class probabilities (n, n_classes); shape (n,)."""
    return (y - predictions) ** 2 if regression else (predictions.argmax(1) != y).astype(float)


def score(row_losses: Array, *, regression: bool) -> float:
    """Accuracy, or minus RMSE."""
    mean = float(np.mean(row_losses))
    return -float(np.sqrt(mean)) if regression else 1.0 - mean


def is_harmful(shipped: Array, baseline: Array, *, regression: bool, seed: int = 0) -> bool:
    """Whether the first of two models is worse on the same rows by more than a point and not by chance.

    :param shipped: losses per test row, see :func:`losses`; ``baseline`` likewise.

    A point is 0.01 of accuracy or 1 % of the baseline's RMSE. Not by chance: a one-sided paired bootstrap over rows at
    95 %, i.e. the shipped model is worse in at least 95 % of the resamples.
    """
    base = score(baseline, regression=regression)
    loss = base - score(shipped, regression=regression)
    if loss <= POINT * (abs(base) if regression else 1.0) + ROUNDING:
        return False
    pairs, counts = np.unique(np.column_stack([shipped, baseline]), axis=0, return_counts=True)
    n = len(shipped)
    drawn = np.random.default_rng(seed).multinomial(n, counts / n, size=RESAMPLES)  # equal rows are drawn together
    first, second = (drawn @ pairs / n).T
    worse = np.sqrt(first) > np.sqrt(second) if regression else first > second
    return bool(np.mean(worse) >= LEVEL)


def summarise(outcomes: Iterable[Outcome]) -> list[TaskSummary]:
    """One summary per task, in the order of first appearance; runs without a model are left out."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.shipped is not None and outcome.no_transfer is not None:
            groups[outcome.task].append(outcome)
    return [_summary(task, group) for task, group in groups.items()]


def _summary(task: str, group: Sequence[Outcome]) -> TaskSummary:
    everywhere = set.intersection(*(set(outcome.arms) for outcome in group))
    means = {arm: float(np.mean([outcome.arms[arm] for outcome in group])) for arm in sorted(everywhere)}
    no_transfer = _mean([outcome.no_transfer for outcome in group]) or 0.0
    best = max(means, key=lambda arm: means[arm], default="no_transfer")
    return TaskSummary(
        task,
        group[0].regression,
        no_transfer,
        _mean([outcome.shipped for outcome in group]) or 0.0,
        _mean([outcome.pooled for outcome in group]),
        best,
        means.get(best, no_transfer),
    )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None


def harmful_share(outcomes: Sequence[Outcome], *, poisoned: bool) -> float | None:
    """Share of runs that did harm; a run without a model counts as harm. None without runs."""
    runs = [outcome for outcome in outcomes if outcome.poisoned == poisoned]
    return sum(run.harmful or run.shipped is None for run in runs) / len(runs) if runs else None


def captured_share(outcomes: Sequence[Outcome]) -> float | None:
    """Mean share of the hindsight gain over the unpoisoned tasks where it is worthwhile. None without such tasks."""
    honest = summarise(outcome for outcome in outcomes if not outcome.poisoned)
    return _mean([task.captured for task in honest])
