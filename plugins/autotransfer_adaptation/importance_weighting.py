"""Importance weighting: source rows that look like target rows count more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.learners import Linear
from autotransfer.method import Suggest
from autotransfer.task import Context
from autotransfer_adaptation.principal import narrowed
from autotransfer_adaptation.ratio_weighting import RatioWeighting

_FOLDS = 5
_WIDEST = 128
"""The domain classifier sees so many principal directions at most; on more columns it separates any two samples."""


@final
@dataclass(frozen=True)
class ImportanceWeighting(RatioWeighting):
    """Bickel, Brückner and Scheffer, Discriminative Learning for Differing Training and Test Distributions, ICML 2007
    (https://doi.org/10.1145/1273496.1273507).

    A logistic domain classifier gives p(target | x) with both domains weighing the same; a source row's ratio is
    p / (1 - p), from a classifier that was not fitted on that row (cross-fitting).

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param domain_l2: penalty of the domain classifier, > 0.
    :param flattening: exponent of the ratios, 0 (no weighting) to 1 (Shimodaira, J. Statistical Planning and
        Inference 2000).
    :param clip: the largest ratio, as a multiple of the mean ratio, > 1.
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the effective sample size of the source rows and their largest weight.
    """

    domain_l2: float = 1.0

    name: ClassVar[str] = "importance_weighting"
    reference: ClassVar[str] = "Bickel, Brückner and Scheffer, ICML 2007, doi:10.1145/1273496.1273507"

    def ratios(self, S: Array, T: Array, ctx: Context) -> Array:
        """Of a classifier's odds."""
        return cross_fitted_ratios(S, T, self.domain_l2, ctx)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return replace(super().suggest(suggest), domain_l2=suggest.suggest_float("domain_l2", 1e-2, 1e3, log=True))


def cross_fitted_ratios(S: Array, T: Array, l2: float, ctx: Context) -> Array:
    """Estimated density ratios p_T / p_S at the source rows, (m,), positive. Two rows a domain at least."""
    X = np.concatenate(narrowed(S, T, _WIDEST, ctx.seed))
    is_target = np.repeat([0, 1], [len(S), len(T)])
    weights = len(X) / 2.0 / np.where(is_target, len(T), len(S))
    n_folds = min(_FOLDS, len(S), len(T))
    rng = ctx.rng()
    # Dealt within each domain, so every fold leaves rows of both behind.
    folds = np.concatenate([rng.permutation(len(part)) % n_folds for part in (S, T)])
    probability = np.empty(len(S))
    for fold in range(n_folds):
        ctx.check_time()
        kept, held = folds != fold, np.flatnonzero(folds[: len(S)] == fold)
        model = Linear(l2=l2).fit(X[kept], is_target[kept], n_classes=2, weights=weights[kept], seed=ctx.seed)
        probability[held] = model.predict_features(X[held])[:, 1]
    bounded = np.clip(probability, 1e-6, 1.0 - 1e-6)
    return np.asarray(bounded / (1.0 - bounded))
