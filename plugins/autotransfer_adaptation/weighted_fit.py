"""The last step of the methods that weigh source rows."""

from __future__ import annotations

from autotransfer.data import Array
from autotransfer.learners import AnyLearner
from autotransfer.task import Context
from autotransfer_adaptation.domains import Domains, pooled_weights, train
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.weights import effective_sample_size


def fit_weighted(
    learner: AnyLearner, domains: Domains, weights: Array, target_weight: float, ctx: Context
) -> AdaptedPredictor:
    """A learner of source rows with these weights (m,) and of labelled target rows; the effective sample size and the
    largest weight of the source rows are its diagnostics."""
    pooled = pooled_weights(weights, domains.n_labeled, target_weight)
    fitted = train(learner, domains, domains.S, domains.T[: domains.n_labeled], pooled, ctx)
    figures = {"effective_sample_size": effective_sample_size(weights), "largest_weight": float(weights.max())}
    return AdaptedPredictor(domains.scaler, None, None, fitted, figures)
