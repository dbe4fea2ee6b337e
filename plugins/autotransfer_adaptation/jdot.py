"""JDOT: a model of the target whose predictions are what optimal transport of rows and labels together says."""

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
from autotransfer_adaptation.distances import squared_distances
from autotransfer_adaptation.domains import Domains, gather, pooled_weights, thinned, train
from autotransfer_adaptation.optimal_transport import transport_map
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.sinkhorn import sinkhorn_plan

_SMALLEST = 1e-3
"""Classes that get less of a target row's mass are left out of its training rows."""


@final
@dataclass(frozen=True)
class Jdot(Method):
    """Courty, Flamary, Habrard and Rakotomamonjy, Joint Distribution Optimal Transportation for Domain Adaptation,
    NIPS 2017 (arXiv:1705.08848).

    Plan and model in turn: P makes sum_ij P_ij (feature_weight * d(s_i, t_j) + loss(y_i, f(t_j))) small, then f is
    trained on the target rows with the labels that P sends there. d is the squared distance over its mean; the loss is
    the squared error over the variance of the source's values, or minus the log probability, and a target row is then
    trained on with each class by its mass. The first plan is of features alone. The plan is smoothed by its entropy, a
    variant of the authors' code, where the paper takes the exact one. f works on target rows as they are.

    Labelled target rows are trained on with their own label as well. More than ``most_rows`` of a domain are thinned
    out to that many.

    :param learner: f. :param scaling: see ``autotransfer.scaling``.
    :param feature_weight: alpha of the paper, > 0. :param entropy: > 0, in units of the mean cost.
    :param rounds: at least 1. :param most_rows: of each domain, at least 2.
    :param target_weight: total weight of labelled target rows, relative to the transported labels'.

    The predictor's diagnostics hold ``transport_cost``, the last round's mean cost.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    feature_weight: float = 1.0
    entropy: float = 0.02
    rounds: int = 5
    target_weight: float = 1.0
    most_rows: int = 1000

    name: ClassVar[str] = "joint_distribution_transport"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Courty et al., NIPS 2017, arXiv:1705.08848"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Alternate between plan and model. Without target rows the model is trained on the source."""
        domains = gather(task, source, self.scaling)
        if not domains.can_align:
            weights = pooled_weights(np.ones(len(domains.S)), domains.n_labeled, self.target_weight)
            learner = train(self.learner, domains, domains.S, domains.T[: domains.n_labeled], weights, ctx)
            return AdaptedPredictor(domains.scaler, None, None, learner, {"transport_cost": 0.0})
        few = thinned(domains, self.most_rows, ctx)
        features = squared_distances(few.S, few.T)
        features *= self.feature_weight / (float(features.mean()) or 1.0)
        cost = features
        for _ in range(self.rounds):
            ctx.check_time()
            plan = sinkhorn_plan(cost, self.entropy * (float(cost.mean()) or 1.0), ctx)
            model = self._model(few, plan, ctx)
            cost = features + losses(few.source_y, model.predict_features(few.T), few.n_classes)
            figures = {"transport_cost": float((plan * cost).sum())}
        way = transport_map(few, plan)  # the model has seen target rows alone: others are shown where they were sent
        return AdaptedPredictor(domains.scaler, None, None, model, figures, source_way=way)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the number of rows."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            feature_weight=suggest.suggest_float("feature_weight", 0.01, 100.0, log=True),
            entropy=suggest.suggest_float("entropy", 5e-3, 0.5, log=True),
            rounds=suggest.suggest_int("rounds", 1, 10),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _model(self, domains: Domains, plan: Array, ctx: Context) -> LearnerPredictor:
        X, y, mass = transported(domains, plan)
        weights = pooled_weights(mass, domains.n_labeled, self.target_weight)
        X, y = np.concatenate([X, domains.T[: domains.n_labeled]]), np.concatenate([y, domains.target_y])
        return self.learner.fit(X, y, n_classes=domains.n_classes, weights=weights / weights.mean(), seed=ctx.seed)


def transported(domains: Domains, plan: Array) -> tuple[Array, Array, Array]:
    """Target rows, the labels that the plan (m, n) sends there, and weights: a row with several classes comes several
    times, a row with values once, with their mean."""
    T, share = domains.T, plan / np.maximum(plan.sum(axis=0), 1e-300)
    if not domains.n_classes:
        return T, domains.source_y @ share, np.ones(len(T))
    mass = share.T @ (domains.source_y[:, None] == np.arange(domains.n_classes))
    rows, classes = np.nonzero(mass > _SMALLEST)
    return T[rows], classes.astype(np.int64), mass[rows, classes]


def losses(source_y: Array, predictions: Array, n_classes: int) -> Array:
    """(m, n): of each source label against each prediction for a target row."""
    if n_classes:
        return np.asarray(-np.log(np.maximum(predictions, 1e-6)).T[source_y])
    return np.asarray(np.square(source_y[:, None] - predictions) / (float(np.var(source_y)) or 1.0))
