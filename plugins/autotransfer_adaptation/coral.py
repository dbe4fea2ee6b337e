"""CORAL: give the source rows the target's covariance."""

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

_WIDEST = 1024
"""Up to this width covariances are decomposed as they are; wider rows are first projected on principal directions."""
_PROJECTED = 512


@final
@dataclass(frozen=True)
class Coral(Method):
    """Sun, Feng and Saenko, Return of Frustratingly Easy Domain Adaptation, AAAI 2016 (arXiv:1511.05547).

    Source rows are whitened and re-coloured, (x - mean_S) C_S^(-1/2) C_T^(1/2) + mean_T; target rows stay as they
    are. Rows wider than 1024 are first projected on the 512 leading principal directions of both domains together.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param shrinkage: in (0, 1], how far both covariances are drawn to the identity of their own scale; at 1 only the
        overall scale is aligned.
    :param align_mean: whether the source is also moved to the target's mean.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    shrinkage: float = 0.1
    align_mean: bool = True
    target_weight: float = 1.0

    name: ClassVar[str] = "coral"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Sun, Feng and Saenko, AAAI 2016, arXiv:1511.05547"
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Align, then train on both domains. Without target rows the source is taken as it is."""
        domains = gather(task, source, self.scaling)
        S, T, projection, way = domains.S, domains.T, None, None
        if S.shape[1] > _WIDEST:
            projection = principal_directions(np.concatenate([S, T]), _PROJECTED, ctx.seed)
            S, T = S @ projection, T @ projection
        ctx.check_time()
        if domains.can_align:
            way = covariance_map(S, T, self.shrinkage, align_mean=self.align_mean)
            S = way(S)
        weights = pooled_weights(np.ones(len(S)), domains.n_labeled, self.target_weight)
        learner = train(self.learner, domains, S, T[: domains.n_labeled], weights, ctx)
        there = None if way is None else lambda rows: way(rows if projection is None else rows @ projection)
        return AdaptedPredictor(domains.scaler, None, projection, learner, source_way=there)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            shrinkage=suggest.suggest_float("shrinkage", 1e-3, 1.0, log=True),
            align_mean=suggest.suggest_categorical("align_mean", (True, False)),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )


def align_covariance(S: Array, T: Array, shrinkage: float, *, align_mean: bool = True) -> Array:
    """Source rows (m, d) with the (shrunk) covariance, and if asked the mean, of target rows (n, d); m, n >= 2."""
    return covariance_map(S, T, shrinkage, align_mean=align_mean)(S)


def covariance_map(S: Array, T: Array, shrinkage: float, *, align_mean: bool = True) -> Callable[[Array], Array]:
    """What :func:`align_covariance` does to rows of the source, those of S or others."""
    mean = S.mean(axis=0)
    place = T.mean(axis=0) if align_mean else mean
    matrix = _power(_shrunk_covariance(S, shrinkage), -0.5) @ _power(_shrunk_covariance(T, shrinkage), 0.5)
    return lambda rows: np.asarray((rows - mean) @ matrix + place)


def _shrunk_covariance(X: Array, shrinkage: float) -> Array:
    centered = X - X.mean(axis=0)
    covariance = centered.T @ centered / (len(X) - 1)
    scale = np.trace(covariance) / X.shape[1]
    result = (1.0 - shrinkage) * covariance
    # Rows that do not vary at all keep their scale: 1 stands in for it.
    result[np.diag_indices_from(result)] += shrinkage * scale if scale > 0 else 1.0
    return np.asarray(result)


def _power(symmetric: Array, exponent: float) -> Array:
    """A symmetric positive definite matrix to a power."""
    eigenvalues, vectors = np.linalg.eigh(symmetric)
    floored = np.maximum(eigenvalues, 1e-12 * eigenvalues[-1])
    return np.asarray((vectors * floored**exponent) @ vectors.T)
