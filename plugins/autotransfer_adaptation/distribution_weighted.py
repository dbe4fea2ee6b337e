"""Several sources: each one's model counts where the target looks like that source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, LearnerPredictor, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.domains import Domains, gather, pooled_weights
from autotransfer_adaptation.mixture import mixture_proportions
from autotransfer_adaptation.mixture_predictor import MixturePredictor


@final
@dataclass(frozen=True)
class DistributionWeighted(Method):
    """Mansour, Mohri and Rostamizadeh, Domain Adaptation with Multiple Sources, NIPS 2008
    (https://papers.nips.cc/paper/3550): the distribution weighted combination.

    h(x) = sum_k lambda_k D_k(x) h_k(x) / sum_k lambda_k D_k(x): the model h_k of each source by the density of that
    source at x. Densities enter as ratios, from a logistic classifier of the sources, as in Cortes, Mohri, Suresh and
    Zhang, A Discriminative Technique for Multiple-Source Adaptation, ICML 2021 (arXiv:2008.11036). The weights lambda
    of the mixture are those of largest likelihood for the target rows (expectation maximisation), where the paper
    shows that there are good ones. Sources are the values of the source's ``domain``; a single one has nothing to
    weigh, and its model is the answer.

    :param learner: trained on the rows of each source, and on labelled target rows.
    :param scaling: see ``autotransfer.scaling``; rows of sources that are standardised apart are harder to tell.
    :param gate_l2: penalty of the classifier of the sources, > 0.
    :param target_weight: total weight of labelled target rows, relative to each source's.

    The predictor's diagnostics hold the largest mixture weight and ``sources``, their number.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    gate_l2: float = 1.0
    target_weight: float = 1.0

    name: ClassVar[str] = "distribution_weighted"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Mansour, Mohri and Rostamizadeh, NIPS 2008, papers.nips.cc/paper/3550"
    predictor: ClassVar[type[MixturePredictor]] = MixturePredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> MixturePredictor:
        """Models, a classifier of the sources, then the mixture. Without target rows sources count by size."""
        domains = gather(task, source, self.scaling)
        of = np.zeros(len(domains.S), np.int64)
        if source is not None and source.rows.domain is not None:
            of = np.unique(source.rows.domain, return_inverse=True)[1]
        learners = tuple(self._model(domains, of == label, ctx) for label in range(of.max() + 1))
        ctx.check_time()
        gate = Linear(l2=self.gate_l2).fit(domains.S, of, n_classes=len(learners), seed=ctx.seed)
        sizes = np.bincount(of) / len(of)
        weights = mixture_proportions(gate.predict_features(domains.T) / sizes, sizes)
        figures = {"largest_mixture_weight": float(weights.max()), "sources": float(len(learners))}
        return MixturePredictor(domains.scaler, gate, weights / sizes, learners, figures)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            gate_l2=suggest.suggest_float("gate_l2", 1e-2, 1e3, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _model(self, domains: Domains, rows: Array, ctx: Context) -> LearnerPredictor:
        ctx.check_time()
        n = domains.n_labeled
        X, y = (
            np.concatenate([domains.S[rows], domains.T[:n]]),
            np.concatenate([domains.source_y[rows], domains.target_y]),
        )
        weights = pooled_weights(np.ones(int(rows.sum())), n, self.target_weight)
        return self.learner.fit(X, y, n_classes=domains.n_classes, weights=weights / weights.mean(), seed=ctx.seed)
