"""Optimal transport: source rows move to where the cheapest plan sends them, each class for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.distances import squared_distances
from autotransfer_adaptation.domains import Domains, gather, pooled_weights, thinned, train
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.sinkhorn import sinkhorn_plan

_POWER, _OFFSET = 0.5, 1e-3
"""p of the Lp-L1 norm, and what keeps its derivative finite; as in the POT library."""
_FORBIDDEN = 10.0
"""The cost between rows of different known classes, as a multiple of the largest one."""


@final
@dataclass(frozen=True)
class OptimalTransport(Method):
    """Courty, Flamary, Tuia and Rakotomamonjy, Optimal Transport for Domain Adaptation, IEEE TPAMI 2017
    (arXiv:1507.00504), with entropy and, for classes, the Lp-L1 regularisation.

    The plan between source and target rows makes squared distances small, is smoothed by its entropy, and is drawn to
    sending rows of one class alone to a target row: ``class_weight`` * sum_jc (sum_i-in-c P_ij)^(1/2), by majorisation
    in ``rounds``. Source rows become the plan's mean of target rows, and a learner is trained there; the target stays
    as it is, so new rows need no map. A labelled target row is ten times farther from rows of other classes than
    anything else. Costs are divided by their mean.

    More than ``most_rows`` of a domain are thinned out to that many; other source rows move as the nearest one that
    was in the plan (Ferradans et al., SIAM J. Imaging Sciences 2014).

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param entropy: > 0, in units of the mean cost. :param class_weight: >= 0; 0: plain Sinkhorn transport.
    :param rounds: of majorisation, at least 1. :param most_rows: of each domain, at least 2.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    entropy: float = 0.05
    class_weight: float = 0.1
    rounds: int = 10
    target_weight: float = 1.0
    most_rows: int = 1000

    name: ClassVar[str] = "optimal_transport"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Courty et al., IEEE TPAMI 2017, arXiv:1507.00504"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Transport the source, then train on both domains. Without target rows the source stays where it is."""
        domains = gather(task, source, self.scaling)
        way = self._way(domains, ctx) if domains.can_align else None
        S = domains.S if way is None else way(domains.S)
        weights = pooled_weights(np.ones(len(S)), domains.n_labeled, self.target_weight)
        learner = train(self.learner, domains, S, domains.T[: domains.n_labeled], weights, ctx)
        return AdaptedPredictor(domains.scaler, None, None, learner, source_way=way)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field but the number of rows."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            entropy=suggest.suggest_float("entropy", 5e-3, 1.0, log=True),
            class_weight=suggest.suggest_float("class_weight", 0.0, 1.0),
            rounds=suggest.suggest_int("rounds", 1, 10),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )

    def _way(self, domains: Domains, ctx: Context) -> Callable[[Array], Array]:
        few = thinned(domains, self.most_rows, ctx)
        cost = squared_distances(few.S, few.T)
        cost /= float(cost.mean()) or 1.0
        y = None
        if few.n_classes:
            y = few.source_y
            forbidden = y[:, None] != few.target_y
            cost[:, : few.n_labeled][forbidden] = _FORBIDDEN * cost.max()
        plan = class_plan(cost, y, self.entropy, self.class_weight, self.rounds, ctx)
        return transport_map(few, plan)


def transport_map(domains: Domains, plan: Array) -> Callable[[Array], Array]:
    """Rows (n, d) of the source move as the nearest one in the plan (m, n) does, to the mean of its target rows."""
    moved = plan @ domains.T / np.maximum(plan.sum(axis=1, keepdims=True), 1e-300) - domains.S
    return lambda rows: rows + moved[_nearest(rows, domains.S)]


def class_plan(cost: Array, y: Array | None, entropy: float, weight: float, rounds: int, ctx: Context) -> Array:
    """The plan (m, n) with the Lp-L1 regularisation of the classes y (m,) of the rows; None or weight 0: without."""
    plan = sinkhorn_plan(cost, entropy, ctx)
    if y is None or weight == 0:
        return plan
    hot = np.asarray(y[:, None] == np.unique(y), dtype=np.float64)
    for _ in range(rounds - 1):
        ctx.check_time()
        slopes = _POWER * (hot.T @ plan + _OFFSET) ** (_POWER - 1.0)
        plan = sinkhorn_plan(cost + weight * (hot @ slopes), entropy, ctx)
    return plan


def _nearest(rows: Array, among: Array, block: int = 2000) -> Array:
    """Position of the nearest of ``among`` for each row."""
    parts = [rows[start : start + block] for start in range(0, len(rows), block)]
    found = [squared_distances(part, among).argmin(axis=1) for part in parts]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)
