"""What the methods for label shift share: outputs on rows not trained on, and whether label shift explains them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import AnyLearner
from autotransfer.task import Context
from autotransfer_adaptation.domains import Domains
from autotransfer_adaptation.weights import effective_sample_size

_FOLDS = 5


@dataclass(frozen=True, eq=False)
class Outputs:
    """Class probabilities of rows that their model was not trained on.

    :param source: (m, c), ``source_y`` (m,). :param target: (n, c) of the target rows without a label.
    """

    source: Array
    source_y: Array
    target: Array


def cross_fitted(learner: AnyLearner, domains: Domains, ctx: Context) -> Outputs:
    """Each fold's model, trained on the other source rows, predicts the source rows and the target rows of its fold, so
    that both are outputs of the same models."""
    T, y = domains.T[domains.n_labeled :], domains.source_y
    rng = ctx.rng()
    n_folds = min(_FOLDS, len(y))
    order = np.lexsort([rng.permutation(len(y)), y])
    folds = np.empty(len(y), dtype=np.int64)
    folds[order] = np.arange(len(y)) % n_folds  # dealt class by class
    there, here = np.empty((len(y), domains.n_classes)), np.empty((len(T), domains.n_classes))
    target_folds = rng.permutation(len(T)) % n_folds
    for fold in range(n_folds):
        ctx.check_time()
        kept = folds != fold
        model = learner.fit(domains.S[kept], y[kept], n_classes=domains.n_classes, seed=ctx.seed)
        there[~kept] = model.predict_features(domains.S[~kept])
        here[target_folds == fold] = model.predict_features(T[target_folds == fold])
    return Outputs(there, y, here)


def plausibility(outputs: Outputs, ratios: Array) -> float:
    """p-value of label shift: once source rows weigh ``ratios`` (c,) of their class, are outputs equally distributed?

    Two-sample Kolmogorov-Smirnov tests of each output, Bonferroni-corrected, as black box shift detection on softmax
    outputs does (Rabanser, Günnemann and Lipton, Failing Loudly, NeurIPS 2019, arXiv:1810.11953), here after
    reweighting, the source counting as its effective sample size. Under label shift p(x | y) stays, so weighted source
    outputs and target outputs have one distribution, and a small value speaks against it.
    """
    weights = ratios[outputs.source_y]
    if not weights.any() or len(outputs.target) == 0:
        return 1.0
    columns = range(outputs.source.shape[1])
    gaps = [_largest_gap(outputs.source[:, c], weights, outputs.target[:, c]) for c in columns]
    n, m = len(outputs.target), effective_sample_size(weights)
    from scipy.stats import kstwobign

    return float(min(1.0, len(gaps) * kstwobign.sf(max(gaps) * np.sqrt(n * m / (n + m)))))


def _largest_gap(there: Array, weights: Array, here: Array) -> float:
    """Between the weighted distribution function of ``there`` (m,) and that of ``here`` (n,)."""
    order = np.argsort(there, kind="stable")
    mass = np.concatenate([[0.0], np.cumsum(weights[order])]) / weights.sum()
    points = np.concatenate([there, here])
    ours = np.searchsorted(np.sort(here), points, side="right") / len(here)
    return float(np.abs(mass[np.searchsorted(there[order], points, side="right")] - ours).max())
