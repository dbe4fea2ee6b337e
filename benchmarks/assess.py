"""How long relatedness takes: each estimator alone, and ``autotransfer.assess`` as a whole once rows are encoded."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import scipy.linalg  # noqa: F401 - only what is loaded already can be kept to one core
from threadpoolctl import threadpool_limits

from autotransfer.assessment import assess
from autotransfer.assets import Asset
from autotransfer.data import Array, Dataset, Modality
from autotransfer.learners.linear_predictor import LinearPredictor
from autotransfer.plugins import load_catalogue
from autotransfer.problem import RawData
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer.testing.toys import ToyEncoder
from benchmarks.harness import Arguments, Result, at_most

_ROWS, _WIDTH, _CLASSES = 5000, 512, 10
_LIMIT = 10.0
"""Seconds, for everything together."""
_EVERYTHING = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.PRETRAINED | Asset.SOURCE_HEAD


def run(arguments: Arguments) -> Result:
    """5,000 rows of 512 features on either side, ten classes or values, drawn at random; on one core.

    Bars are processor time, which other work on the machine disturbs less than the clock on the wall.
    """
    estimators = load_catalogue().estimators
    with threadpool_limits(1):
        rows = [_timed(estimator) for estimator in estimators.values()]
        whole: dict[str, Any] = {"estimator": "(assess)", **_whole(regression=False), **_whole(regression=True)}
    bars = [
        at_most(f"{what}, {kind}, processor seconds", value, _LIMIT)
        for kind in ("classes", "values")
        for what, value in (
            ("all estimators", sum(row.get(f"{kind}, cpu s", 0.0) for row in rows)),
            ("assess with encoded rows", whole[f"{kind}, cpu s"]),
        )
    ]
    return Result("assess", bars, [*rows, whole])


def _timed(estimator: RelatednessEstimator) -> dict[str, Any]:
    row: dict[str, Any] = {"estimator": estimator.name, "declared s": estimator.seconds}
    for regression, handled in ((False, estimator.classification), (True, estimator.regression)):
        if handled:
            task, source = _problem(regression=regression)
            row |= _seconds(partial(estimator.estimate, task, source, Context(seed=0)), regression=regression)
    return row


def _seconds(work: Callable[[], object], *, regression: bool) -> dict[str, float]:
    """By the wall clock and of the processor."""
    kind, wall, spent = "values" if regression else "classes", time.perf_counter(), time.process_time()
    work()
    return {f"{kind}, wall s": time.perf_counter() - wall, f"{kind}, cpu s": time.process_time() - spent}


def _whole(*, regression: bool) -> dict[str, float]:
    """The second call: the first one encodes."""
    target, source = (RawData(name, Modality.FEATURES, *_raw(name, regression)) for name in ("target", "source"))
    assess(target, [source], budget=600.0)
    return _seconds(partial(assess, target, [source], budget=600.0), regression=regression)


def _raw(name: str, regression: bool) -> tuple[Array, Array]:
    X, y = _drawn(name, regression=regression)
    return X, y.astype(np.float64) if regression else np.array([f"class {label}" for label in y], dtype=object)


def _problem(*, regression: bool) -> tuple[Task, Source]:
    """A source that offers everything, so that every estimator has a value."""
    drawn = {name: _drawn(name, regression=regression) for name in ("target", "source")}
    ours, theirs = (Dataset(name, Modality.FEATURES, *rows) for name, rows in drawn.items())
    if regression:
        offers = _EVERYTHING & ~Asset.SOURCE_HEAD
        return Task(ours, None), Source("source", offers, theirs, None, ToyEncoder())
    classes = tuple(f"class {label}" for label in range(_CLASSES))
    head = LinearPredictor(_means().T, np.zeros(_CLASSES), regression=False)
    return Task(ours, classes), Source("source", _EVERYTHING, theirs, classes, ToyEncoder(), head)


def _means() -> Array:
    return np.asarray(0.1 * np.random.default_rng(2).normal(size=(_CLASSES, _WIDTH)))


def _drawn(name: str, *, regression: bool) -> tuple[Array, Array]:
    """Rows and labels; the source's are moved a little."""
    rng = np.random.default_rng(0 if name == "target" else 1)
    y = rng.integers(0, _CLASSES, _ROWS)
    X = _means()[y] + rng.normal(size=(_ROWS, _WIDTH)) + (0.0 if name == "target" else 0.05)
    values = X[:, :20].sum(axis=1) + rng.normal(size=_ROWS)
    return X.astype(np.float32), values if regression else y
