"""SimpleShot: the nearest centroid of rows that are centred on the source and brought to length 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_fewshot.comparison import Comparison
from autotransfer_fewshot.predictor import ComparingPredictor, transformed
from autotransfer_fewshot.sources import why_refused


@final
@dataclass(frozen=True)
class SimpleShot(Method):
    """Wang, Chao, Weinberger and van der Maaten, "SimpleShot: revisiting nearest-neighbor classification for few-shot
    learning", 2019 (arXiv:1911.04623), with CL2N: the mean of the source's rows is taken off, rows are brought to
    length 1, and the nearest class mean is told.

    The features are those of any encoder; the paper's come from a network trained on the source's classes.

    :param scale: of the squared distances as scores; it changes how sure predictions are, not the nearest class.
    """

    scale: float = 10.0

    name: ClassVar[str] = "simple_shot"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_INPUTS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Wang, Chao, Weinberger and van der Maaten, 2019, arXiv:1911.04623"
    predictor: ClassVar[type[ComparingPredictor]] = ComparingPredictor

    @classmethod
    def refuses(cls, source: Source) -> str | None:
        """Sources with the target's classes, or with too few of their own."""
        return why_refused(source)

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ComparingPredictor:
        """A mean for the centre, class means for the rest."""
        if source is None:
            raise TypeError("this method needs a source")
        ctx.check_time()
        center = np.asarray(source.rows.X, np.float64).mean(axis=0)
        Z = transformed(np.asarray(task.train.X, np.float64), center, unit_length=True)
        means = Comparison.of_means(Z, task.train.labels, task.n_classes, self.scale)
        return ComparingPredictor(means, center=center, unit=True)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The scale."""
        return cls(scale=suggest.suggest_float("scale", 1.0, 100.0, log=True))
