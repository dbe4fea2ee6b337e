"""A linear map from images to texts: what everything else in this family has to beat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.data import Array
from autotransfer.method import Suggest
from autotransfer.nets import NetworkPredictor, form_of
from autotransfer.nets.specs import UnitSpec
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source
from autotransfer_multimodal.dense_towers import DenseTowers
from autotransfer_multimodal.frozen_texts import FrozenTexts, of_length_one
from autotransfer_multimodal.method import PairedMethod, shared_settings

FACTOR = 10.0
"""Of cosines: a regression has no temperature of its own."""


@final
@dataclass(frozen=True)
class LinearMap(PairedMethod):
    """Palatucci, Pomerleau, Hinton and Mitchell, "Zero-shot learning with semantic output codes", NIPS 2009
    (papers.nips.cc/paper/3650): ridge regression from features of images to features of texts; the nearest text wins.

    Texts are rows of latent semantic analysis, nearness is the cosine; the paper takes attributes of words and the
    Euclidean distance.

    :param penalty: of the map, in mean eigenvalues of XᵀX. :param prompts: see ``prompts.PROMPTS``.
    :param anchor: see ``few_labels.anchored``.
    """

    penalty: float = 0.1

    name: ClassVar[str] = "linear_map"
    reference: ClassVar[str] = "Palatucci et al., NIPS 2009, papers.nips.cc/paper/3650"
    predictor: ClassVar[type[Predictor]] = NetworkPredictor

    def learn(self, source: Source, ctx: Context) -> DenseTowers:
        """One linear system."""
        texts, form = FrozenTexts.of(source.captions), form_of([source.rows])
        ctx.check_time()
        X = form.rows(source.rows)
        weight = ridge_map(X, of_length_one(texts.features(source.captions)), self.penalty)
        spec = UnitSpec(X.shape[1], len(weight))
        arrays = {"1.weight": np.asarray(weight, np.float32)}
        return DenseTowers(form, spec, arrays, lambda said: of_length_one(texts.features(said)), FACTOR)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(**shared_settings(suggest), penalty=suggest.suggest_float("penalty", 1e-4, 10.0, log=True))


def ridge_map(X: Array, T: Array, penalty: float) -> Array:
    """W (a, d) that minimises ‖X Wᵀ - T‖² + λ ‖W‖², λ being ``penalty`` mean eigenvalues of XᵀX (1 for zeros).

    :param X: (n, d). :param T: (n, a). :param penalty: > 0.
    """
    from sklearn.linear_model import Ridge

    wide = np.asarray(X, np.float64)
    scale = float(np.square(wide).sum()) / wide.shape[1] or 1.0
    return np.atleast_2d(Ridge(alpha=penalty * scale, fit_intercept=False).fit(wide, T).coef_)
