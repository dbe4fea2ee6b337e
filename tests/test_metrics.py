"""Metrics against scikit-learn, and the identity that the guard rests on: score = finish(mean of rows)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as oracle

from autotransfer.errors import InputError
from autotransfer.metrics import METRICS, metric_for

CLASSES = [metric for metric in METRICS.values() if not metric.regression]
VALUES = [metric for metric in METRICS.values() if metric.regression]


def by_name(metrics):
    return pytest.mark.parametrize("metric", metrics, ids=lambda metric: metric.name)


def class_rows(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels that hold every class, and probabilities without ties."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.concatenate([np.arange(k), rng.integers(k, size=n - k)]))
    return y, rng.dirichlet(np.ones(k), size=n)


def value_rows(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=n), rng.normal(size=n)


def reference(name: str, y: np.ndarray, p: np.ndarray) -> float:
    hard = p.argmax(1) if p.ndim == 2 else p
    k = p.shape[1] if p.ndim == 2 else 0
    return {
        "accuracy": lambda: oracle.accuracy_score(y, hard),
        "balanced_accuracy": lambda: oracle.recall_score(y, hard, average="macro", labels=np.unique(y)),
        "harmonic_mean": lambda: oracle.recall_score(y, hard, average="macro", labels=np.unique(y)),
        "f1_macro": lambda: oracle.f1_score(y, hard, average="macro"),
        "roc_auc": lambda: oracle.roc_auc_score(y, p[:, 1] if k == 2 else p, multi_class="ovr"),
        "log_loss": lambda: oracle.log_loss(y, p, labels=np.arange(k)),
        "brier": lambda: np.mean(((p - np.eye(k)[y]) ** 2).sum(1)),
        "rmse": lambda: oracle.root_mean_squared_error(y, p),
        "mae": lambda: oracle.mean_absolute_error(y, p),
        "r2": lambda: oracle.r2_score(y, p),
    }[name]()


@by_name(CLASSES)
@settings(max_examples=25, deadline=None)
@given(k=st.integers(2, 5), more=st.integers(2, 40), seed=st.integers(0, 10**6))
def test_class_metrics_equal_scikit_learn(metric, k, more, seed):
    y, p = class_rows(k + more, k, seed)
    assert metric.value(y, p) == pytest.approx(reference(metric.name, y, p), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("name", ["roc_auc", "f1_macro"])
@settings(max_examples=25, deadline=None)
@given(k=st.integers(2, 4), n=st.integers(6, 30), seed=st.integers(0, 10**6))
def test_ties_and_classes_that_are_never_predicted_equal_scikit_learn(name, k, n, seed):
    y, p = class_rows(n, k, seed)
    p = np.round(p * 2) / 2  # many ties
    p[:, 0] += 1  # class 0 is always predicted
    if name == "roc_auc" and k > 2:
        expected = np.mean([oracle.roc_auc_score(y == label, p[:, label]) for label in range(k)])
    else:
        expected = reference(name, y, p)
    assert METRICS[name].value(y, p) == pytest.approx(expected, rel=1e-9)


@by_name(VALUES)
@settings(max_examples=25, deadline=None)
@given(n=st.integers(2, 60), seed=st.integers(0, 10**6))
def test_value_metrics_equal_scikit_learn(metric, n, seed):
    y, p = value_rows(n, seed)
    assert metric.value(y, p) == pytest.approx(reference(metric.name, y, p), rel=1e-9)


@by_name([metric for metric in METRICS.values() if metric.row_scores is not None])
@settings(max_examples=25, deadline=None)
@given(n=st.integers(4, 60), seed=st.integers(0, 10**6))
def test_the_mean_over_rows_gives_the_score(metric, n, seed):
    """finish(mean_i rows_i) = score, and own_direction(score) = value."""
    y, p = value_rows(n, seed) if metric.regression else class_rows(n, 3, seed)
    rows = metric.rows(y, p)
    assert rows.shape == (n,)
    score = metric.score(y, p)
    assert float(metric.finish(rows.mean())) == pytest.approx(score, rel=1e-9)
    assert metric.own_direction(score) == pytest.approx(metric.value(y, p), rel=1e-12)


@by_name([metric for metric in METRICS.values() if metric.row_scores is None])
def test_metrics_that_are_no_mean_say_so(metric):
    with pytest.raises(TypeError, match=metric.name):
        metric.rows(np.zeros(2, int), np.eye(2))


@by_name(METRICS.values())
def test_perfect_predictions_score_best_and_no_rows_are_undefined(metric):
    y, p = value_rows(30, 0) if metric.regression else class_rows(30, 3, 0)
    perfect = y if metric.regression else np.eye(3)[y]
    assert metric.score(y, perfect) > metric.score(y, p)
    assert np.isnan(metric.score(y[:0], p[:0]))


def test_undefined_values_are_nan_not_errors():
    one_class = np.zeros(4, int)
    assert np.isnan(METRICS["roc_auc"].score(one_class, np.eye(2)[one_class]))
    assert np.isnan(METRICS["r2"].score(np.ones(4), np.arange(4.0)))


def test_log_loss_of_a_certain_error_is_finite():
    """Probabilities are clipped at 1e-15: the loss of a zero is log(1e15) = 34.5."""
    assert METRICS["log_loss"].value(np.array([0]), np.array([[0.0, 1.0]])) == pytest.approx(15 * np.log(10))


@by_name(METRICS.values())
def test_a_point_is_a_hundredth_or_a_per_cent_of_the_baseline(metric):
    points = metric.points(2.0, -5.0)
    assert points == pytest.approx(0.1 if metric.relative else 0.02)


def test_metric_for():
    assert metric_for(None, regression=False).name == "accuracy"
    assert metric_for(None, regression=True).name == "rmse"
    assert metric_for("mae", regression=True) is METRICS["mae"]
    for name, regression in (("mae", False), ("accuracy", True), ("nonsense", False)):
        with pytest.raises(InputError, match=name):
            metric_for(name, regression=regression)


@settings(max_examples=25, deadline=None)
@given(k=st.integers(3, 6), more=st.integers(5, 40), seed=st.integers(0, 10**6))
def test_the_harmonic_mean_is_of_the_per_class_means_of_seen_and_unseen_rows(k, more, seed):
    """H = 2 s u / (s + u), s and u macro-averaged recalls (scikit-learn) of the rows of either role."""
    y, p = class_rows(k + more, k, seed)
    unseen = np.random.default_rng(seed).random(len(y)) < 0.5
    unseen[:2] = True, False
    s, u = (
        oracle.recall_score(y[rows], p[rows].argmax(1), average="macro", labels=np.unique(y[rows]), zero_division=0)
        for rows in (~unseen, unseen)
    )
    metric = METRICS["harmonic_mean"]
    assert metric.score(metric.marked(y, unseen), p) == pytest.approx(0.0 if s * u == 0 else 2 * s * u / (s + u))
    assert metric.score(metric.marked(y, np.ones(len(y), bool)), p) == pytest.approx(
        METRICS["balanced_accuracy"].score(y, p)
    )


def test_only_metrics_by_role_mark_rows():
    y, unseen = np.array([0, 2, 1]), np.array([False, True, True])
    for metric in CLASSES:
        np.testing.assert_array_equal(metric.marked(y, unseen), [0, -3, -2] if metric.by_role else y)


def test_the_default_tells_seen_from_unseen_only_where_there_are_unseen_classes():
    assert metric_for(None, regression=False).name == "accuracy"
    assert metric_for(None, regression=False, unseen=True).name == "harmonic_mean"
    assert metric_for("accuracy", regression=False, unseen=True).name == "accuracy"
