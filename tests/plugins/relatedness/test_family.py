"""What holds for every estimator of the family."""

from __future__ import annotations

import math
from dataclasses import replace

import autotransfer_relatedness
import numpy as np
import pytest

from autotransfer.assets import Asset
from autotransfer.data import Dataset, Modality
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task

ESTIMATORS = list(autotransfer_relatedness.relatedness_estimators())
LABELED = [e for e in ESTIMATORS if Asset.TARGET_LABELS in e.needs]
UNLABELED = [e for e in ESTIMATORS if Asset.TARGET_LABELS not in e.needs]
VALUED = [e for e in ESTIMATORS if e.regression]
every = pytest.mark.parametrize(
    "estimator", [e for e in ESTIMATORS if Asset.SOURCE_HEAD not in e.needs], ids=lambda e: e.name
)
"""Those that look at rows alone; what a head says depends on the head."""


def test_names_are_unique() -> None:
    """Evidence is filed by name."""
    assert len({e.name for e in ESTIMATORS}) == len(ESTIMATORS) > 7


@every
def test_same_seed_same_value_and_rows_left_alone(
    estimator: RelatednessEstimator, related: tuple[Task, Source]
) -> None:
    """estimate is a function of (rows, seed) and writes to none of its rows."""
    task, source = related
    before = [task.train.X.copy(), source.rows.X.copy(), task.train.labels.copy(), source.rows.labels.copy()]
    first, second = (estimator.estimate(task, source, Context(seed=3)) for _ in range(2))
    assert first == second
    after = [task.train.X, source.rows.X, task.train.labels, source.rows.labels]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


@pytest.mark.parametrize("estimator", VALUED, ids=lambda e: e.name)
def test_value_on_regression(estimator: RelatednessEstimator, values) -> None:
    """A number for values as for classes."""
    assert math.isfinite(estimator.estimate(*values(1.0), Context(seed=0)))


@every
@pytest.mark.parametrize("scale", [1e-10, 1.0, 1e15])
def test_units_of_features_do_not_matter(
    estimator: RelatednessEstimator, scale: float, related: tuple[Task, Source]
) -> None:
    """estimate(scale * X) = estimate(X): columns are put on one scale first."""
    task, source = related
    scaled_task = replace(task, train=replace(task.train, inputs=task.train.X * scale))
    scaled_source = replace(source, data=replace(source.rows, inputs=source.rows.X * scale))
    expected = estimator.estimate(task, source, Context(seed=0))
    assert estimator.estimate(scaled_task, scaled_source, Context(seed=0)) == pytest.approx(expected, abs=1e-6)


@every
@pytest.mark.parametrize("kind", ["zero", "rank one", "one class", "wide and constant"])
def test_degenerate_rows_give_a_number_or_nan(
    estimator: RelatednessEstimator, kind: str, related: tuple[Task, Source]
) -> None:
    """No error and no infinity, whatever the rows (warnings are errors here)."""
    task, source = related
    T, S = task.train.X, source.rows.X
    if kind == "zero":
        T, S = np.zeros_like(T), np.zeros_like(S)
    elif kind == "wide and constant":
        T, S = np.full((len(T), 600), 3.0), np.full((len(S), 600), 3.0)
    elif kind == "rank one":
        T, S = T[:, :1] * np.ones(5), S[:, :1] * np.ones(5)
    y = np.zeros_like(task.train.labels) if kind == "one class" else task.train.labels
    value = estimator.estimate(
        replace(task, train=replace(task.train, inputs=T, y=y)),
        replace(source, data=replace(source.rows, inputs=S)),
        Context(seed=0),
    )
    assert not math.isinf(value)


@pytest.mark.parametrize("estimator", LABELED, ids=lambda e: e.name)
def test_no_labeled_target_row_is_nan(estimator: RelatednessEstimator, related: tuple[Task, Source]) -> None:
    """Undefined is NaN, not an error."""
    task, source = related
    assert math.isnan(estimator.estimate(replace(task, train=task.train.take(np.arange(0))), source, Context()))


@pytest.mark.parametrize("estimator", UNLABELED, ids=lambda e: e.name)
def test_unlabeled_target_rows_serve(estimator: RelatednessEstimator, related: tuple[Task, Source]) -> None:
    """Without labels the value comes from unlabelled rows, and equals that of the same rows in ``train``."""
    task, source = related
    hidden = replace(task, train=task.train.take(np.arange(0)).without_labels(), unlabeled=task.train.without_labels())
    expected = estimator.estimate(task, source, Context(seed=0))
    assert estimator.estimate(hidden, source, Context(seed=0)) == pytest.approx(expected)


DISTANCES = [e for e in UNLABELED if e.regression and e.name != "source_size"]


@pytest.mark.parametrize("estimator", DISTANCES, ids=lambda e: e.name)
def test_no_target_row_at_all_is_nan(estimator: RelatednessEstimator, related: tuple[Task, Source]) -> None:
    """A distance to nothing is undefined."""
    task, source = related
    assert math.isnan(estimator.estimate(replace(task, train=task.train.take(np.arange(0))), source, Context()))


@every
def test_wide_rows_are_projected(estimator: RelatednessEstimator) -> None:
    """More columns than rows, float32: still a number."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(160, 600)).astype(np.float32)
    y = np.arange(160) % 2
    task = Task(Dataset("t", Modality.FEATURES, X[:60], y[:60]), ("a", "b"))
    offers = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    source = Source("s", offers, Dataset("s", Modality.FEATURES, X[60:], y[60:]), ("a", "b"))
    assert math.isfinite(estimator.estimate(task, source, Context(seed=0)))
