"""A cosine classifier on a pretrained encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_fewshot.cosine_head import SCALE, fitted_cosines
from autotransfer_fewshot.predictor import ComparingPredictor


@final
@dataclass(frozen=True)
class CosineClassifier(Method):
    """Gidaris and Komodakis, "Dynamic few-shot visual learning without forgetting", CVPR 2018 (arXiv:1804.09458): a
    classifier by scaled cosines in place of a linear one, here trained on the frozen features of a pretrained encoder,
    which is the second stage of Chen et al.'s Baseline++ (ICLR 2019, arXiv:1904.04232).

    :param scale: of the cosines; the papers learn it, or set it by hand. :param decay: weight decay.
    """

    scale: float = SCALE
    decay: float = 1e-3

    name: ClassVar[str] = "cosine_classifier"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Gidaris and Komodakis, CVPR 2018, arXiv:1804.09458"
    libraries: ClassVar[tuple[str, ...]] = ("torch",)
    predictor: ClassVar[type[ComparingPredictor]] = ComparingPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ComparingPredictor:
        """A hundred steps."""
        ctx.check_time()
        Z = np.asarray(task.train.X, np.float64)
        return ComparingPredictor(fitted_cosines(Z, task, self.scale, self.decay, ctx))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Both fields."""
        return cls(
            scale=suggest.suggest_float("scale", 2.0, 30.0, log=True),
            decay=suggest.suggest_float("decay", 1e-5, 1e-1, log=True),
        )
