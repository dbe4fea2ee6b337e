"""What methods have in common that weigh source rows by an estimate of the density ratio."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_adaptation.domains import gather
from autotransfer_adaptation.predictor import AdaptedPredictor
from autotransfer_adaptation.weighted_fit import fit_weighted
from autotransfer_adaptation.weights import clip_and_normalize


@dataclass(frozen=True)
class RatioWeighting(Method):
    """Ratios to the power of ``flattening`` (Shimodaira, J. Statistical Planning and Inference 2000), clipped.

    :param learner: trained on the rows of both domains. :param scaling: see ``autotransfer.scaling``.
    :param flattening: exponent of the ratios, 0 (no weighting) to 1.
    :param clip: the largest ratio, as a multiple of the mean ratio, > 1.
    :param target_weight: total weight of labelled target rows, relative to the source's.
    """

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"
    flattening: float = 1.0
    clip: float = 20.0
    target_weight: float = 1.0

    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.TARGET_UNLABELED
    predictor: ClassVar[type[AdaptedPredictor]] = AdaptedPredictor

    @abstractmethod
    def ratios(self, S: Array, T: Array, ctx: Context) -> Array:
        """Estimates of p_T / p_S at the source rows, (m,), not negative. Two rows a domain at least."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> AdaptedPredictor:
        """Weigh the source rows, then train on both domains. Without target rows all source rows count the same."""
        domains = gather(task, source, self.scaling)
        weights = np.ones(len(domains.S))
        if domains.can_align:
            weights = clip_and_normalize(self.ratios(domains.S, domains.T, ctx) ** self.flattening, self.clip)
        return fit_weighted(self.learner, domains, weights, self.target_weight, ctx)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field of this class."""
        return cls(
            learner=suggest_learner(suggest),
            scaling=suggest.suggest_categorical("scaling", SCALINGS),
            flattening=suggest.suggest_float("flattening", 0.1, 1.0),
            clip=suggest.suggest_float("clip", 2.0, 100.0, log=True),
            target_weight=suggest.suggest_float("target_weight", 0.1, 10.0, log=True),
        )
