"""Run relatedness estimators on every source; and on the run's own encoders, for those that judge an encoder."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import final

import numpy as np

from autotransfer.assets import Asset, describe, missing
from autotransfer.bench import Bench, Prepared, prepare
from autotransfer.data import Array, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.method import RAW, Method
from autotransfer.recent import Recent
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.space import Space
from autotransfer.task import Context, Source

Evidence = dict[str, dict[str, float | None]]
"""source -> estimator -> value; None where there is none."""

_MEMORY_BYTES = 512 * 2**20
"""Encoded rows that are kept from one estimator to the next."""
_LATE, _SPARED = "no time left", "the decision does not read it, and its share of the time is spent"


@dataclass(frozen=True)
class Measured:
    """What was measured.

    :param reasons: source -> estimator -> why there is no value.
    :param notes: what failed or was left out for want of time, a line each.
    """

    evidence: Evidence
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def measure(
    bench: Bench,
    space: Space,
    estimators: Mapping[str, RelatednessEstimator],
    context: Context,
    rows: Array | None = None,
    spare: float = math.inf,
) -> Measured:
    """Evidence for all sources that some arm uses.

    What the selector reads (gain and risk) comes first, for all sources. The others follow, the quickest first, each
    for all sources.

    :param rows: positions of the labelled target rows that may be looked at; None: all. What is kept for the guard
        must not decide which arms are tried first.
    :param spare: seconds for what the selector does not read. An estimate is not begun when it declares to take more,
        or when so much is not left as it took for the source before.
    """
    sources = tuple(dict.fromkeys(arm.source for arm in space.arms if arm.source is not None))
    desk = _Desk(bench, space, np.arange(len(bench.problem.target)) if rows is None else rows, estimators, sources)
    read = [estimator for estimator in estimators.values() if estimator.role is not Role.EVIDENCE]
    rest = [estimator for estimator in estimators.values() if estimator.role is Role.EVIDENCE]
    for source in sources:
        for estimator in read:
            desk.estimate(estimator, source, context, _LATE)
    within = replace(context, deadline=min(context.deadline, time.monotonic() + spare))
    late = _LATE if within.deadline == context.deadline else _SPARED
    for estimator in sorted(rest, key=lambda estimator: estimator.seconds):
        slowest = math.inf if estimator.seconds > spare else 0.0
        for source in sources:
            begun = time.monotonic()
            desk.estimate(estimator, source, within, late, slowest)
            slowest = max(slowest, time.monotonic() - begun)
    return desk.measured()


def judge_encoders(
    bench: Bench, space: Space, estimators: Mapping[str, RelatednessEstimator], context: Context
) -> Measured:
    """Values for the run's own encoders, each as if a source brought it: what a source's encoder has to beat.

    Only of estimators that look at nothing of a source but its encoder. ``evidence`` is encoder -> estimator -> value.
    """
    judges = {
        name: estimator
        for name, estimator in estimators.items()
        if Asset.PRETRAINED in estimator.needs and not missing(estimator.needs, Asset.PRETRAINED | Asset.TARGET_LABELS)
    }
    names = [name for name in dict.fromkeys(n for found in space.encoders.values() for n in found) if name != RAW]
    own = tuple(Source(name, Asset.PRETRAINED, encoder=bench.encoders[name]) for name in names)
    table = replace(bench, problem=replace(bench.problem, sources=own), _thinned={})
    desk = _Desk(table, space, np.arange(len(bench.problem.target)), judges, tuple(names))
    for name in names:
        for estimator in judges.values():
            desk.estimate(estimator, name, context, _LATE)
    return desk.measured()


@final
class _Desk:
    """Takes estimates, and keeps account of what there is and why there is not more."""

    def __init__(
        self,
        bench: Bench,
        space: Space,
        rows: Array,
        estimators: Mapping[str, RelatednessEstimator],
        sources: tuple[str, ...],
    ) -> None:
        self._bench, self._space, self._rows = bench, space, rows
        self._evidence: Evidence = {source: dict.fromkeys(estimators) for source in sources}
        self._reasons: dict[str, dict[str, str]] = {source: {} for source in sources}
        self._failures: list[str] = []
        self._prepared: Recent[Prepared] = Recent(_MEMORY_BYTES, _size)

    def measured(self) -> Measured:
        """All of it."""
        reasons = {
            source: {name: self._reasons[source][name] for name in column if name in self._reasons[source]}
            for source, column in self._evidence.items()
        }
        return Measured(self._evidence, reasons, (*self._failures, *_left_out(reasons)))

    def estimate(
        self, estimator: RelatednessEstimator, source: str, context: Context, late: str, least: float = 0.0
    ) -> None:
        """One estimate, unless it cannot be or there are no more than ``least`` seconds for it."""
        reason = self._why_not(estimator, source)
        if reason is None and context.seconds_left() <= least:
            reason = late
        if reason is None:
            reason = self._try(estimator, source, context, late)
        if reason is not None:
            self._reasons[source][estimator.name] = reason

    def _try(self, estimator: RelatednessEstimator, source: str, context: Context, late: str) -> str | None:
        """Why it came to nothing, or None."""
        encoded = Modality.FEATURES in estimator.modalities and Asset.SOURCE_HEAD not in estimator.needs
        prepared = self._prepare(source, encoded=encoded)
        if prepared is None or prepared.source is None:
            return "no method encodes its rows"
        try:
            value = float(estimator.estimate(prepared.task, prepared.source, context))
        except OutOfTimeError:
            return late
        except Exception as error:  # a plugin's bug costs its estimate, not the run
            self._failures.append(f"{estimator.name} on {source} failed: {type(error).__name__}: {error}")
            return f"it failed: {type(error).__name__}"
        if not math.isfinite(value):
            return "undefined for these rows"
        self._evidence[source][estimator.name] = value
        return None

    def _why_not(self, estimator: RelatednessEstimator, source: str) -> str | None:
        problem = self._bench.problem
        if not (estimator.regression if problem.is_regression else estimator.classification):
            return f"defined for {'classes' if problem.is_regression else 'values'} only"
        if not estimator.modalities & {Modality.FEATURES, problem.target.modality}:
            return f"it looks at {', '.join(sorted(estimator.modalities))} rows only"
        lacking = missing(estimator.needs, problem.offered(problem.source(source)))
        return f"no value without {describe(lacking)}" if lacking else None

    def _prepare(self, source: str, *, encoded: bool) -> Prepared | None:
        """The labelled target rows and the source's: encoded, or as they are, which is what a head predicts from."""
        key = f"{encoded} {source}"
        found = self._prepared.get(key)
        if found is None:
            found = self._encode(source) if encoded else self._raw(source)
        if found is not None:
            self._prepared.put(key, found)
        return found

    def _encode(self, source: str) -> Prepared | None:
        """By the source's own encoder, else by the first that takes both."""
        given = self._bench.source(source, whole=False)
        brings_own = given is not None and given.encoder is not None
        for arm in self._space.arms:
            method: type[Method] = self._space.methods[arm.method]
            if Modality.FEATURES in method.modalities and (brings_own or arm.source == source):
                encoder = next((name for name in self._space.encoders[arm] if name != RAW), None)
                return prepare(self._bench, method, given, encoder, (self._rows, self._rows[:0]))
        return None

    def _raw(self, source: str) -> Prepared | None:
        given = self._bench.source(source, whole=False)
        if given is None or not self._space.arms:
            return None
        method = self._space.methods[self._space.arms[0].method]
        return prepare(self._bench, method, replace(given, encoder=None), None, (self._rows, self._rows[:0]))


def _size(prepared: Prepared) -> int:
    """Bytes of encoded rows; rows as they are stand in memory anyway."""
    parts = (prepared.task.train, None if prepared.source is None else prepared.source.data)
    return sum(part.X.nbytes for part in parts if part is not None and part.modality is Modality.FEATURES)


def _left_out(reasons: Mapping[str, Mapping[str, str]]) -> list[str]:
    """A line for each set of sources that the same estimators had no time for."""
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for name in dict.fromkeys(name for column in reasons.values() for name in column):
        for reason in (_LATE, _SPARED):
            late = tuple(source for source, column in reasons.items() if column.get(name) == reason)
            if late:
                groups.setdefault((reason, late), []).append(name)
    return [
        f"not measured on {', '.join(sources)} ({reason}): {', '.join(names)}"
        for (reason, sources), names in groups.items()
    ]
