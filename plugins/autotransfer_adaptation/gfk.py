"""GFK: an inner product over all subspaces on the way from the source's to the target's."""

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
from autotransfer_adaptation.domains import Domains, gather, pooled_weights, train
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.principal import principal_directions


@final
@dataclass(frozen=True)
class Gfk(Method):
    """Gong, Shi, Sha and Grauman, Geodesic Flow Kernel for Unsupervised Domain Adaptation, CVPR 2012
    (https://doi.org/10.1109/CVPR.2012.6247911), with PCA subspaces of both domains.

    The kernel x^T G y integrates the inner products of x and y in every subspace of the geodesic between the two. Here
    G = L L^T with L (d, 2k), so any learner can be trained on x L, and new target rows take the same map.

    :param learner: trained on the mapped rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param dims: k, at least 1; no more than the ranks and half of the columns allow.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    dims: int = 20
    target_weight: float = 1.0

    name: ClassVar[str] = "geodesic_flow_kernel"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Gong et al., CVPR 2012, doi:10.1109/CVPR.2012.6247911"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Map both domains, then train. Without target rows both subspaces are the source's."""
        domains = gather(task, source, self.scaling)
        root = flow_root(domains, self.dims, ctx)
        weights = pooled_weights(np.ones(len(domains.S)), domains.n_labeled, self.target_weight)
        labeled = domains.T[: domains.n_labeled] @ root
        learner = train(self.learner, domains, domains.S @ root, labeled, weights, ctx)
        return AdaptedPredictor(domains.scaler, None, root, learner)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            dims=suggest.suggest_int("dims", 2, 100, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )


def flow_root(domains: Domains, dims: int, ctx: Context) -> Array:
    """L (d, 2k) for the principal subspaces of both domains."""
    dims = min(dims, max(domains.S.shape[1] // 2, 1))
    theirs = principal_directions(domains.S, dims, ctx.seed)
    ctx.check_time()
    ours = principal_directions(domains.T, dims, ctx.seed) if domains.can_align else theirs
    k = min(theirs.shape[1], ours.shape[1])
    if k == 0:  # a domain without any variation has no subspace
        return np.eye(domains.S.shape[1])
    return geodesic_root(theirs[:, :k], ours[:, :k])


def geodesic_root(P: Array, Q: Array) -> Array:
    """L (d, 2k) with L L^T = G, the integral over t in [0, 1] of the projections on the subspaces between P and Q.

    :param P: orthonormal (d, k). :param Q: orthonormal (d, k).

    With principal angles theta_i, P U = [a_i] and the directions b_i at right angles that lead from P to Q, the
    subspace at t is spanned by a_i cos(t theta_i) + b_i sin(t theta_i); its projection integrates in each plane
    (a_i, b_i) to [[1 + s, c], [c, 1 - s]] / 2, s = sin(2 theta) / (2 theta), c = (1 - cos(2 theta)) / (2 theta).
    """
    U, cosines, V = np.linalg.svd(P.T @ Q)
    theta = np.arccos(np.clip(cosines, -1.0, 1.0))
    A = P @ U
    B = Q @ V.T - A * np.cos(theta)
    lengths = np.linalg.norm(B, axis=0)
    apart = lengths > 1e-8
    B = np.where(apart, B / np.where(apart, lengths, 1.0), 0.0)
    wide = np.where(apart, 2.0 * theta, 1.0)
    s = np.where(apart, np.sin(wide) / wide, 1.0)
    c = np.where(apart, (1.0 - np.cos(wide)) / wide, 0.0)
    return np.concatenate(_rotated_roots(A, B, s, c), axis=1)


def _rotated_roots(A: Array, B: Array, s: Array, c: Array) -> tuple[Array, Array]:
    """(A, B) times the symmetric roots of [[1 + s, c], [c, 1 - s]] / 2.

    A root of a 2x2 matrix M is (M + d I) / t with d = sqrt(det M) and t = sqrt(trace M + 2 d); trace M is 1 here.
    """
    d = np.sqrt(np.maximum(1.0 - s**2 - c**2, 0.0)) / 2.0
    t = np.sqrt(1.0 + 2.0 * d)
    first, mixed, second = ((1.0 + s) / 2.0 + d) / t, c / 2.0 / t, ((1.0 - s) / 2.0 + d) / t
    return A * first + B * mixed, A * mixed + B * second
