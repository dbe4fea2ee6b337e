"""Run every relatedness estimator on every source."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from autotransfer.assets import missing
from autotransfer.bench import Bench, Prepared, prepare
from autotransfer.data import Array, Modality
from autotransfer.errors import OutOfTimeError
from autotransfer.method import Method
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.space import Space
from autotransfer.task import Context

Evidence = dict[str, dict[str, float | None]]
"""source -> estimator -> value; None where the estimator does not apply or is undefined."""


def measure(
    bench: Bench,
    space: Space,
    estimators: Mapping[str, RelatednessEstimator],
    context: Context,
    rows: Array | None = None,
) -> tuple[Evidence, tuple[str, ...]]:
    """Evidence for all sources that some arm uses, and notes on estimators that failed.

    :param rows: positions of the labelled target rows that may be looked at; None: all. What is kept for the guard
        must not decide which arms are tried first.
    """
    rows = np.arange(len(bench.problem.target)) if rows is None else rows
    sources = tuple(dict.fromkeys(arm.source for arm in space.arms if arm.source is not None))
    evidence: Evidence = {source: dict.fromkeys(estimators) for source in sources}
    notes: list[str] = []
    # What the selector reads comes first, for all sources: the time may not suffice for everything.
    for urgent in (True, False):
        for source in sources:
            prepared = _encoded(bench, space, source, rows) if context.seconds_left() > 0 else None
            for estimator in estimators.values():
                if (estimator.role is not Role.EVIDENCE) is urgent:
                    value, note = _estimate(estimator, bench, prepared, source, context)
                    evidence[source][estimator.name] = value
                    notes += note
    return evidence, tuple(notes)


def _encoded(bench: Bench, space: Space, source: str, rows: Array) -> Prepared | None:
    """These labelled target rows and the source's, by the first encoder that takes both."""
    for arm in space.arms:
        method: type[Method] = space.methods[arm.method]
        if arm.source == source and Modality.FEATURES in method.modalities:
            encoder = next(iter(space.encoders[arm]), None)
            return prepare(bench, method, bench.source(source, whole=False), encoder, (rows, rows[:0]))
    return None


def _estimate(
    estimator: RelatednessEstimator, bench: Bench, prepared: Prepared | None, source: str, context: Context
) -> tuple[float | None, list[str]]:
    offered = bench.problem.offered(bench.problem.source(source))
    kind = estimator.regression if bench.problem.is_regression else estimator.classification
    if context.seconds_left() <= 0:
        return None, [f"{estimator.name} on {source}: no time left"]
    if prepared is None or prepared.source is None or missing(estimator.needs, offered) or not kind:
        return None, []
    try:
        value = float(estimator.estimate(prepared.task, prepared.source, context))
    except OutOfTimeError:
        return None, [f"{estimator.name} on {source}: no time left"]
    except Exception as error:  # a plugin's bug costs its estimate, not the run
        return None, [f"{estimator.name} on {source} failed: {type(error).__name__}: {error}"]
    return (value if math.isfinite(value) else None), []
