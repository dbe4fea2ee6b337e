"""A linear head on a pretrained representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.assets import Asset
from autotransfer.learners import LearnerPredictor, Linear
from autotransfer.method import Method, Suggest
from autotransfer.predictor import Predictor
from autotransfer.task import Context, Source, Task


@final
@dataclass(frozen=True)
class LinearProbe(Method):
    """Linear probe: Kornblith, Shlens and Le, "Do better ImageNet models transfer better?", CVPR 2019,
    https://arxiv.org/abs/1805.08974: the encoder stays frozen, a linear head is trained on the labelled target rows.

    The rows arrive encoded by the source's pretrained encoder.

    :param l2: penalty of the head against the sum of losses, > 0.
    """

    name: ClassVar[str] = "linear_probe"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED
    reference: ClassVar[str] = "Kornblith, Shlens and Le, CVPR 2019, https://arxiv.org/abs/1805.08974"
    predictor: ClassVar[type[Predictor]] = LearnerPredictor

    l2: float = 1.0

    def fit(self, task: Task, source: Source | None, ctx: Context) -> LearnerPredictor:
        ctx.check_time()
        return Linear(self.l2).fit(task.train.X, task.train.labels, n_classes=task.n_classes, seed=ctx.seed)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        return cls(suggest.suggest_float("l2", 1e-3, 1e4, log=True))
