"""Subspace alignment: turn the source's principal axes onto the target's."""

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
from autotransfer_adaptation.domains import gather, pooled_weights, train
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.principal import principal_directions


@final
@dataclass(frozen=True)
class SubspaceAlignment(Method):
    """Fernando, Habrard, Sebban and Tuytelaars, Unsupervised Visual Domain Adaptation Using Subspace Alignment, ICCV
    2013 (https://doi.org/10.1109/ICCV.2013.368).

    With principal directions P_S and P_T, (d, k), of each domain about its own mean, source rows become
    (x - mean_S) P_S P_S^T P_T and target rows (x - mean_T) P_T.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param dims: k, at least 1; fewer where a domain has a smaller rank.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    dims: int = 20
    target_weight: float = 1.0

    name: ClassVar[str] = "subspace_alignment"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Fernando et al., ICCV 2013, doi:10.1109/ICCV.2013.368"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Align, then train on both domains. Without target rows the source's own subspace serves both."""
        domains = gather(task, source, self.scaling)
        S, T = domains.S, domains.T
        reference = T if domains.can_align else S
        mean = reference.mean(axis=0)
        ours = principal_directions(reference, self.dims, ctx.seed)
        ctx.check_time()
        theirs = principal_directions(S, self.dims, ctx.seed) if domains.can_align else ours
        k = min(ours.shape[1], theirs.shape[1])
        way = subspace_map(S, theirs[:, :k], ours[:, :k])
        aligned = way(S)
        labeled = (T[: domains.n_labeled] - mean) @ ours[:, :k]
        weights = pooled_weights(np.ones(len(S)), domains.n_labeled, self.target_weight)
        learner = train(self.learner, domains, aligned, labeled, weights, ctx)
        return AdaptedPredictor(domains.scaler, mean, ours[:, :k], learner, source_way=way)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            dims=suggest.suggest_int("dims", 2, 100, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )


def align_subspace(S: Array, source_directions: Array, target_directions: Array) -> Array:
    """Source rows (m, d) in target-aligned coordinates (m, k): (S - mean) P_S M with M = P_S^T P_T."""
    return subspace_map(S, source_directions, target_directions)(S)


def subspace_map(S: Array, source_directions: Array, target_directions: Array) -> Callable[[Array], Array]:
    """What :func:`align_subspace` does to rows of the source, those of S or others."""
    mean, turned = S.mean(axis=0), source_directions @ (source_directions.T @ target_directions)
    return lambda rows: np.asarray((rows - mean) @ turned)
