"""Which trials go to the guard, and which one is shipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.method import Method
from autotransfer.metrics import METRICS, Metric
from autotransfer.trial import Status, TrialRecord

_PER_ARM = 2
"""Finalists from one arm at most: near-copies of one configuration tell the guard nothing new."""


@dataclass(frozen=True, eq=False)
class Scored:
    """A complete trial with its predictions for the scored rows: the search's own round, then fresh ones."""

    record: TrialRecord
    repeats: tuple[Array, ...]

    def with_repeat(self, predictions: Array) -> Scored:
        """The same trial with one more repeat."""
        return Scored(self.record, (*self.repeats, predictions))


def sides(
    records: Iterable[TrialRecord], predictions: Mapping[int, Array], methods: Mapping[str, type[Method]]
) -> tuple[list[Scored], list[Scored]]:
    """Complete trials whose predictions are at hand: with transfer, and without."""
    transfer: list[Scored] = []
    baseline: list[Scored] = []
    for record in records:
        known = predictions.get(record.number)
        if record.status is Status.COMPLETE and known is not None and record.choice.method in methods:
            side = transfer if methods[record.choice.method].is_transfer() else baseline
            side.append(Scored(record, (known,)))
    return transfer, baseline


def merit(scored: Scored, y: Array, metric: Metric) -> float:
    """Larger is better, by the fresh rounds if there are any: the metric, for classes half of it the Brier score.

    With few rows the share of hits moves in steps of 1/n and many candidates tie; the Brier score of the same
    predictions (Brier, Monthly Weather Review 78, 1950; scaled to 1 - Brier / 2) ranks them with less noise.
    Without labels (``y`` is empty) the trial's own estimate stands.
    """
    if len(y) == 0:
        return -np.inf if scored.record.val_score is None else scored.record.val_score
    rounds = scored.repeats[1:] or scored.repeats
    own = float(np.mean([metric.score(y, p) for p in rounds]))
    if metric.regression or metric.relative or metric.by_role or metric.many:
        return own
    sharp = float(np.mean([1 - METRICS["brier"].value(y, p) / 2 for p in rounds]))
    return (own + sharp) / 2


def top_scored(candidates: Iterable[Scored]) -> Scored:
    """The highest validation score, the earliest among equals: the best of its side on the leaderboard."""
    return max(candidates, key=lambda scored: (_score(scored.record), -scored.record.number))


def ranked(candidates: Iterable[Scored], y: Array, metric: Metric) -> list[Scored]:
    """Best first; equal merits in the order of their trials."""
    return sorted(candidates, key=lambda scored: (-merit(scored, y, metric), scored.record.number))


def finalists(candidates: Iterable[Scored], y: Array, metric: Metric, count: int) -> list[Scored]:
    """The best ``count``, at most two of one arm."""
    taken: Counter[object] = Counter()
    chosen: list[Scored] = []
    for scored in ranked(candidates, y, metric):
        if taken[scored.record.choice.arm] < _PER_ARM and len(chosen) < count:
            taken[scored.record.choice.arm] += 1
            chosen.append(scored)
    return chosen


def _score(record: TrialRecord) -> float:
    return -np.inf if record.val_score is None else record.val_score
