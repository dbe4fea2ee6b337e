"""Kernel mean matching: weights that move the source's kernel mean onto the target's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.box_quadratic import minimize_quadratic
from autotransfer_adaptation.distances import median_squared_distance, squared_distances
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.principal import narrowed
from autotransfer_adaptation.weighted_fit import fit_weighted
from autotransfer_adaptation.weights import clip_and_normalize

_BATCH = 500
"""Source rows weighed together; each batch is matched to the target on its own, so time grows linearly."""
_TARGET_ROWS = 2000
_WIDEST = 128


@final
@dataclass(frozen=True)
class KernelMeanMatching(Method):
    """Huang, Smola, Gretton, Borgwardt and Schölkopf, Correcting Sample Selection Bias by Unlabeled Data, NIPS 2006.

    Weights w in [0, bound] with |mean(w) - 1| <= slack minimise || mean_i w_i phi(s_i) - mean_j phi(t_j) ||^2 for the
    Gaussian kernel exp(-||x - y||^2 / (bandwidth M)), M the median squared distance. More than 500 source rows are
    weighed in random batches of that size; distances are taken on the 128 leading principal directions.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param bandwidth: > 0. :param bound: the largest weight, > 1. :param slack: in [0, 1).
    :param target_weight: total weight of labelled target rows, relative to the source's.

    The predictor's diagnostics hold the effective sample size of the source rows and their largest weight.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    bandwidth: float = 1.0
    bound: float = 20.0
    slack: float = 0.05
    target_weight: float = 1.0

    name: ClassVar[str] = "kernel_mean_matching"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Huang et al., Correcting Sample Selection Bias by Unlabeled Data, NIPS 2006"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Weigh the source rows, then train on both domains. Without target rows all source rows count the same."""
        domains = gather(task, source, self.scaling)
        S, T = domains.S, domains.T
        weights = np.ones(len(S))
        if domains.can_align:
            weights = clip_and_normalize(self._match(S, T, ctx), self.bound)
        return fit_weighted(self.learner, domains, weights, self.target_weight, ctx)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the slack."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            bandwidth=suggest.suggest_float("bandwidth", 0.1, 10.0, log=True),
            bound=suggest.suggest_float("bound", 2.0, 100.0, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _match(self, S: Array, T: Array, ctx: Context) -> Array:
        S, T = narrowed(S, T, _WIDEST, ctx.seed)
        rng = ctx.rng()
        T = T[rng.permutation(len(T))[:_TARGET_ROWS]]
        pooled = np.concatenate([S[rng.permutation(len(S))[:500]], T[:500]])
        scale = self.bandwidth * median_squared_distance(pooled)
        weights = np.empty(len(S))
        n_batches = -(-len(S) // _BATCH)
        for batch in np.array_split(rng.permutation(len(S)), n_batches):
            ctx.check_time()
            K = np.exp(squared_distances(S[batch], S[batch]) / -scale)
            kappa = len(batch) * np.exp(-squared_distances(S[batch], T) / scale).mean(axis=1)
            slack = self.slack * len(batch)
            weights[batch] = minimize_quadratic(K, kappa, self.bound, (len(batch) - slack, len(batch) + slack))
        return weights
