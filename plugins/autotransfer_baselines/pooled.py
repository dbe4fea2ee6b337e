"""Target and source rows in one training set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Self, final

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
class Pooled(Method):
    """The method "All" of Daumé III, "Frustratingly easy domain adaptation", ACL 2007,
    https://aclanthology.org/P07-1033: train
    on the target's and the source's rows together, all alike.

    :param learner: trained on the rows of both.
    :param scaling: ``joint`` or ``per_domain``, see ``autotransfer.scaling``.
    """

    name: ClassVar[str] = "pooled"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS
    uses: ClassVar[Asset] = Asset.TARGET_UNLABELED
    reference: ClassVar[str] = "Daumé III, ACL 2007, https://aclanthology.org/P07-1033"
    predictor: ClassVar[type[Predictor]] = ScaledPredictor

    learner: AnyLearner = field(default_factory=Linear)
    scaling: str = "joint"

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ScaledPredictor:
        domains = Domains.of(task, source, self.scaling)
        ctx.check_time()
        model = self.learner.fit(*domains.pooled(), n_classes=task.n_classes, seed=ctx.seed)
        return ScaledPredictor(domains.scaler, model)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(suggest_learner(suggest), suggest.suggest_categorical("scaling", SCALINGS))
