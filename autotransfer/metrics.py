"""Metrics: how predictions are scored. Inside the engine every score is larger-is-better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError


@dataclass(frozen=True)
class Metric:
    """A named score.

    :param value: (y, predictions) -> the metric in its own direction. Predictions are probabilities (n, n_classes)
        or values (n,).
    :param regression: True for values, False for classes.
    :param greater_is_better: the metric's own direction.
    :param relative: True when "one point" means one per cent of the baseline's value (errors have units), False when
        it means 0.01.
    :param row_scores: for metrics that are a function of a mean over rows: (y, predictions) -> (n,), larger is
        better; None for the others.
    :param root: True when the metric is the square root of that mean.
    :param many: True for the mean over several tasks, ``y`` telling the task too: see ``many.mean_metric``.
    :param by_role: True when it treats rows of classes without training rows apart: see :meth:`marked`.
    """

    name: str
    value: Callable[[Array, Array], float]
    regression: bool
    greater_is_better: bool = True
    relative: bool = False
    row_scores: Callable[[Array, Array], Array] | None = None
    root: bool = False
    by_role: bool = False
    many: bool = False

    def marked(self, y: Array, unseen: Array) -> Array:
        """Labels (n,) as :meth:`score` takes them, given which rows (bool, (n,)) are of a class without training rows:
        for a metric ``by_role`` those stand as -1 - label."""
        return np.where(unseen, -1 - y, y) if self.by_role else y

    def rows(self, y: Array, predictions: Array) -> Array:
        """Each row's contribution, (n,): ``finish`` of their mean is :meth:`score`."""
        if self.row_scores is None:
            raise TypeError(f"{self.name} is no mean over rows")
        return self.row_scores(y, predictions)

    def finish(self, mean: Array) -> Array:
        """A mean of :meth:`rows` (any shape) as a score."""
        return -np.sqrt(np.maximum(-mean, 0.0)) if self.root else mean

    def score(self, y: Array, predictions: Array) -> float:
        """Larger is better. NaN when the metric is undefined for these rows."""
        if len(y) == 0:
            return float("nan")
        value = float(self.value(y, predictions))
        return value if self.greater_is_better else -value

    def own_direction(self, score: float) -> float:
        """A larger-is-better score back in the metric's own direction."""
        return score if self.greater_is_better else -score

    def points(self, epsilon: float, baseline_score: float) -> float:
        """``epsilon`` points in metric units, given the baseline's (larger-is-better) score."""
        return epsilon * 0.01 * (abs(baseline_score) if self.relative else 1.0)


def _hits(y: Array, p: Array) -> Array:
    return np.asarray(p.argmax(1) == y, dtype=float)


def _accuracy(y: Array, p: Array) -> float:
    return float(np.mean(_hits(y, p)))


def _balanced_accuracy(y: Array, p: Array) -> float:
    hit = p.argmax(1) == y
    return float(np.mean([hit[y == label].mean() for label in np.unique(y)]))


def _harmonic_mean(y: Array, p: Array) -> float:
    """Of the per-class mean accuracies of seen and of unseen classes; the one there is where there is no other."""
    hit = p.argmax(1) == np.where(y < 0, -1 - y, y)
    sides = [
        np.mean([hit[y == label].mean() for label in np.unique(y[side])]) for side in (y >= 0, y < 0) if side.any()
    ]
    return float(len(sides) / np.sum(1 / np.array(sides))) if all(sides) else 0.0


def _f1_macro(y: Array, p: Array) -> float:
    """Over the classes that occur among labels or predictions."""
    k, predicted = p.shape[1], p.argmax(1)
    both = np.bincount(y, minlength=k) + np.bincount(predicted, minlength=k)
    hits = np.bincount(y[predicted == y], minlength=k)
    present = both > 0
    return float(np.mean(2 * hits[present] / both[present]))


def _roc_auc(y: Array, p: Array) -> float:
    """Of the second class where there are two; of three or more the mean over classes of each against the rest."""
    present = np.unique(y)
    if len(present) < 2:
        return float("nan")
    columns = [1] if p.shape[1] == 2 else present
    return float(np.mean([_area(y == label, p[:, label]) for label in columns]))


def _area(positive: Array, score: Array) -> float:
    """The Mann-Whitney statistic from average ranks. In NumPy: the guard asks thousands of times."""
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n = int(positive.sum())
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(score) - n)))


def _log_likelihoods(y: Array, p: Array) -> Array:
    return np.asarray(np.log(np.clip(p[np.arange(len(y)), y], 1e-15, 1.0)))


def _log_loss(y: Array, p: Array) -> float:
    return float(-np.mean(_log_likelihoods(y, p)))


def _minus_brier(y: Array, p: Array) -> Array:
    return np.asarray(-np.sum((p - np.eye(p.shape[1])[y]) ** 2, axis=1))


def _brier(y: Array, p: Array) -> float:
    return float(-np.mean(_minus_brier(y, p)))


def _minus_square(y: Array, p: Array) -> Array:
    return np.asarray(-((y - p) ** 2))


def _rmse(y: Array, p: Array) -> float:
    return float(np.sqrt(-np.mean(_minus_square(y, p))))


def _minus_absolute(y: Array, p: Array) -> Array:
    return np.asarray(-np.abs(y - p))


def _mae(y: Array, p: Array) -> float:
    return float(-np.mean(_minus_absolute(y, p)))


def _r2(y: Array, p: Array) -> float:
    spread = float(np.mean((y - y.mean()) ** 2))
    return 1.0 - float(np.mean((y - p) ** 2)) / spread if spread > 0 else float("nan")


METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("accuracy", _accuracy, regression=False, row_scores=_hits),
        Metric("balanced_accuracy", _balanced_accuracy, regression=False),
        Metric("harmonic_mean", _harmonic_mean, regression=False, by_role=True),
        Metric("f1_macro", _f1_macro, regression=False),
        Metric("roc_auc", _roc_auc, regression=False),
        Metric(
            "log_loss",
            _log_loss,
            regression=False,
            greater_is_better=False,
            relative=True,
            row_scores=_log_likelihoods,
        ),
        Metric(
            "brier",
            _brier,
            regression=False,
            greater_is_better=False,
            relative=True,
            row_scores=_minus_brier,
        ),
        Metric(
            "rmse",
            _rmse,
            regression=True,
            greater_is_better=False,
            relative=True,
            row_scores=_minus_square,
            root=True,
        ),
        Metric(
            "mae",
            _mae,
            regression=True,
            greater_is_better=False,
            relative=True,
            row_scores=_minus_absolute,
        ),
        Metric("r2", _r2, regression=True),
    )
}


def metric_for(name: str | None, *, regression: bool, unseen: bool = False) -> Metric:
    """The metric of that name, or the default: rmse, accuracy, or, where classes without labelled rows are to be told
    (``unseen``), harmonic_mean. Raises ``InputError`` when it does not fit."""
    if name is None:
        return METRICS["rmse" if regression else "harmonic_mean" if unseen else "accuracy"]
    fitting = [metric.name for metric in METRICS.values() if metric.regression == regression]
    if name not in fitting:
        kind = "values" if regression else "classes"
        raise InputError(f"--metric {name}: a target with {kind} is scored by one of {', '.join(fitting)}")
    return METRICS[name]
