"""A short trial of transfer itself: does a linear model gain from the source's rows?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.folds import assign_folds
from autotransfer_relatedness.ridge import Ridge, fit_ridge
from autotransfer_relatedness.rows import LabeledPair, encode_labels, labeled_pair

_FOLDS = 5


@dataclass(frozen=True)
class ProbeResult:
    """The gain of pooling over the target alone, out of fold.

    :param mean: accuracy difference, or relative reduction of the RMSE (1 - RMSE_pooled / RMSE_target).
    :param standard_error: of the mean over rows, paired. The scatter over training sets is not in it.
    :param n: labelled target rows that it rests on.
    """

    mean: float
    standard_error: float
    n: int


@final
@dataclass(frozen=True)
class TransferProbe(RelatednessEstimator):
    """Cross-validated gain of a pooled linear model over a target-only one: a short probe, as TuneAhead uses them
    to predict how a run will end (arXiv:2606.17660).

    Repeated stratified 5-fold cross-validation on the target's labelled rows, ridge regression with one output a
    class. The pooled model has all source rows too, either each with the weight of a target row or all together with
    the weight of the target's; that choice, like every penalty, is made by leave-one-out errors of the target rows
    inside the training folds, so no row is predicted by a model that saw it.

    :param repeats: rounds of cross-validation; fewer from 400 rows on, where one says enough.
    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    repeats: int = 5
    cap: int = 2000
    dims: int = 256

    name: ClassVar[str] = "transfer_probe"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "gain in accuracy, -1 to 1; or relative reduction of the RMSE, up to 1"
    cost: ClassVar[str] = "O((n + m) d^2 + d^3), up to 25 times"
    seconds: ClassVar[float] = 0.4
    role: ClassVar[Role] = Role.GAIN
    meaning: ClassVar[str] = "What pooling the source's rows gains (above 0) or loses (below 0) with a linear model."
    reference: ClassVar[str] = "probe as in TuneAhead, arXiv:2606.17660; ridge regression, Technometrics 1970"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The mean gain; NaN with fewer than 5 labelled target rows, no source rows or a constant target value."""
        return _probe_once(self, task, source, ctx).mean

    def probe(self, task: Task, source: Source, ctx: Context) -> ProbeResult:
        """The mean gain with its standard error; NaN as in :meth:`estimate`."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        n = len(pair.target)
        if n < _FOLDS or len(pair.source) == 0 or (task.is_regression and np.ptp(pair.target_y) == 0):
            return ProbeResult(float("nan"), float("nan"), n)
        rounds = int(np.clip(2000 // n, 1, self.repeats))
        alone, pooled = _out_of_fold_losses(pair, task.n_classes, rounds, ctx)
        return _relative_gain(alone, pooled, pair.target_y) if task.is_regression else _accuracy_gain(alone, pooled)


def probe_gain(task: Task, source: Source, ctx: Context) -> ProbeResult:
    """The default probe's gain with its standard error, of which P(gain < 0) can be made."""
    return _probe_once(TransferProbe(), task, source, ctx)


@lru_cache(maxsize=1)
def _probe_once(probe: TransferProbe, task: Task, source: Source, ctx: Context) -> ProbeResult:
    """The gain and the risk of a source are asked for one after the other, with the very same objects."""
    return probe.probe(task, source, ctx)


def _out_of_fold_losses(pair: LabeledPair, n_classes: int, rounds: int, ctx: Context) -> tuple[Array, Array]:
    """Loss of each target row (0/1 or squared error, mean over rounds) without and with the source; each (n,)."""
    Y, source_Y = encode_labels(pair.target_y, n_classes), encode_labels(pair.source_y, n_classes)
    rng = ctx.rng()
    losses = np.zeros((2, len(Y)))
    for _ in range(rounds):
        folds = assign_folds(rng, pair.target_y, _FOLDS, stratify=n_classes > 0)
        for fold in range(_FOLDS):
            ctx.check_time()
            held, kept = folds == fold, folds != fold
            models = (
                fit_ridge(pair.target[kept], Y[kept]),
                _fit_pooled(pair.target[kept], Y[kept], pair.source, source_Y),
            )
            for row, model in zip(losses, models, strict=True):
                row[held] += _losses(model.predict(pair.target[held]), Y[held])
    return losses[0] / rounds, losses[1] / rounds


def _fit_pooled(T: Array, target_Y: Array, S: Array, source_Y: Array) -> Ridge:
    X, Y = np.concatenate([T, S]), np.concatenate([target_Y, source_Y])
    ours = slice(len(T))
    fits = []
    for source_weight in (1.0, len(T) / len(S)):
        weights = np.repeat([1.0, source_weight], [len(T), len(S)])
        model = fit_ridge(X, Y, weights, judged=ours)
        # The fit scales weights to mean 1, and its leave-one-out sum with them.
        fits.append((model.loo * weights.mean(), model))
    return min(fits, key=lambda fit: fit[0])[1]


def _losses(outputs: Array, Y: Array) -> Array:
    if Y.shape[1] == 1:
        return np.asarray((outputs - Y)[:, 0] ** 2)
    return np.asarray(outputs.argmax(axis=1) != Y.argmax(axis=1), dtype=np.float64)


def _accuracy_gain(alone: Array, pooled: Array) -> ProbeResult:
    gains = alone - pooled
    n = len(gains)
    # One more row that changes sides is added to the scatter: rows that all agree do not prove a gain of exactly 0.
    scatter = float(np.sum((gains - gains.mean()) ** 2)) + 1.0
    return ProbeResult(float(gains.mean()), float(np.sqrt(scatter / (n * (n - 1)))), n)


def _relative_gain(alone: Array, pooled: Array, y: Array) -> ProbeResult:
    """1 - sqrt(b / a) for mean squared errors a and b; its standard error by the delta method."""
    floor = 1e-12 * float(np.var(y))
    a, b = max(float(alone.mean()), floor), max(float(pooled.mean()), floor)
    ratio = float(np.sqrt(b / a))
    influence = 0.5 * ratio * (alone / a - pooled / b)
    return ProbeResult(1.0 - ratio, float(np.std(influence, ddof=1) / np.sqrt(len(y))), len(y))
