"""Target and source rows in one training set, the target's with more weight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.learners import AnyLearner, Linear, suggest_learner
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.scaling import SCALINGS
from autotransfer.task import Context, Source, Task
from autotransfer_baselines.domains import Domains
from autotransfer_baselines.scaled_predictor import ScaledPredictor


@final
@dataclass(frozen=True)
class WeightedPooling(Method):
    """The method "Weighted" of Daumé III, "Frustratingly easy domain adaptation", ACL 2007,
    https://aclanthology.org/P07-1033;
    why it can be better than either alone: Ben-David et al., "A theory of learning from different domains", Machine
    Learning 2010, https://doi.org/10.1007/s10994-009-5152-4.

    Each of the n target rows weighs 1 and the source weighs n / ``weight`` in all, so that a large ``weight`` gives
    the target-only model.

    :param learner: trained on the rows of both.
    :param weight: total weight of the target rows over that of the source rows, > 0.
    :param scaling: ``joint`` or ``per_domain``, see ``autotransfer.scaling``.
    """

    name: ClassVar[str] = "weighted_pooling"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Daumé III, ACL 2007, https://aclanthology.org/P07-1033"
    predictor: ClassVar[type[Predictor]] = ScaledPredictor

    learner: AnyLearner = field(default_factory=Linear)
    weight: float = 1.0
    scaling: str = "joint"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ScaledPredictor:
        domains = Domains.of(task, source, self.scaling)
        X, y = domains.pooled()
        n, m = len(domains.target_y), len(domains.source_y)
        weights = np.repeat([1.0, n / (self.weight * max(m, 1))], [n, m])
        ctx.check_time()
        model = self.learner.fit(X, y, n_classes=task.n_classes, weights=weights, seed=ctx.seed)
        return ScaledPredictor(domains.scaler, model)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(
            suggest_learner(suggest),
            suggest.suggest_float("weight", 0.05, 50.0, log=True),
            suggest.suggest_categorical("scaling", SCALINGS),
        )
