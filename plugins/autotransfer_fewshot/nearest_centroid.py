"""Nearest centroid on a pretrained encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_fewshot.comparison import Comparison
from autotransfer_fewshot.predictor import ComparingPredictor, transformed


@final
@dataclass(frozen=True)
class NearestCentroid(Method):
    """Mensink, Verbeek, Perronnin and Csurka, "Distance-based image classification: generalizing to new classes at
    near-zero cost", TPAMI 35(11), 2013: the nearest class mean, by the plain Euclidean distance.

    :param unit: bring rows to length 1 first (SimpleShot's L2N, without its centring: the encoder's own rows are not
        there). :param scale: of the squared distances as scores; it changes how sure predictions are, not the nearest
        class. Where rows keep their length it is divided by the mean squared length.
    """

    unit: bool = True
    scale: float = 10.0

    name: ClassVar[str] = "nearest_centroid"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Mensink, Verbeek, Perronnin and Csurka, TPAMI 35(11), 2013"
    predictor: ClassVar[type[ComparingPredictor]] = ComparingPredictor

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ComparingPredictor:
        """Class means."""
        ctx.check_time()
        Z = transformed(np.asarray(task.train.X, np.float64), None, unit_length=self.unit)
        length = float(np.square(Z).sum(axis=1).mean()) or 1.0
        means = Comparison.of_means(Z, task.train.labels, task.n_classes, self.scale / length)
        return ComparingPredictor(means, unit=self.unit)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Both fields."""
        return cls(
            unit=suggest.suggest_categorical("unit", (True, False)),
            scale=suggest.suggest_float("scale", 1.0, 100.0, log=True),
        )
