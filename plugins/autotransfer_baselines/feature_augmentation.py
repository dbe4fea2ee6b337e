"""Each domain's own copy of the features, and a common one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners import Linear
from autotransfer.learners.learner_predictor import LearnerPredictor
from autotransfer.learners.linear_predictor import LinearPredictor
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_baselines.domains import Domains
from autotransfer_baselines.scaled_predictor import ScaledPredictor

_LARGEST = 60_000_000
"""Entries of an augmented matrix (240 MB) above which all sources share one copy."""


@final
@dataclass(frozen=True)
class FeatureAugmentation(Method):
    """EasyAdapt: Daumé III, "Frustratingly easy domain adaptation", ACL 2007, https://aclanthology.org/P07-1033.

    A row x of domain j becomes (c x, 0, ..., x, ..., 0): a common copy, and one that only this domain has; a linear
    model is trained on that. The sources of a pool have a copy each, unless the matrix would get too large: then all
    share one. Predicting needs no augmentation: the target's weights are c times the common ones plus its own.

    :param l2: penalty against the sum of losses, > 0.
    :param common: c, > 0; 1 in the paper. Towards 0 the domains are learned apart, towards infinity pooled.
    :param scaling: ``joint`` or ``per_domain``, see ``autotransfer.scaling``.
    """

    name: ClassVar[str] = "feature_augmentation"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Daumé III, ACL 2007, https://aclanthology.org/P07-1033"
    predictor: ClassVar[type[Predictor]] = ScaledPredictor

    l2: float = 1.0
    common: float = 1.0
    scaling: str = "joint"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ScaledPredictor:
        domains = Domains.of(task, source, self.scaling)
        X, y = domains.pooled()
        augmented = augment(X, _copies(X, domains), self.common)
        ctx.check_time()
        model = Linear(self.l2).fit(augmented, y, n_classes=task.n_classes, seed=ctx.seed)
        return ScaledPredictor(domains.scaler, self._folded(model, X.shape[1]))

    def _folded(self, model: LearnerPredictor, d: int) -> LearnerPredictor:
        if not isinstance(model.inner, LinearPredictor):  # one class or value in all rows
            return model
        W = model.inner.W
        inner = LinearPredictor(self.common * W[:d] + W[d : 2 * d], model.inner.b, model.inner.regression)
        return LearnerPredictor(inner, model.present, model.n_classes)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(
            suggest.suggest_float("l2", 1e-3, 1e4, log=True),
            suggest.suggest_float("common", 0.1, 10.0, log=True),
            suggest.suggest_categorical("scaling", SCALINGS),
        )


def augment(X: Array, copy: Array, common: float) -> Array:
    """Rows (c x, then x in the place of its own copy), shape (n, d (1 + copies)).

    :param copy: (n,) index of each row's own copy.
    """
    n, d = X.shape
    augmented = np.zeros((n, d * (2 + int(copy.max()))), X.dtype)
    augmented[:, :d] = common * X
    for index in np.unique(copy):
        rows = copy == index
        augmented[rows, d * (index + 1) : d * (index + 2)] = X[rows]
    return augmented


def _copies(X: Array, domains: Domains) -> Array:
    """0 for target rows, 1, 2, ... for those of the sources."""
    sources = domains.domain + 1
    if X.size * (2 + int(sources.max(initial=0))) > _LARGEST:
        sources = np.ones_like(sources)
    return np.concatenate([np.zeros(len(domains.target_y), np.int64), sources])
