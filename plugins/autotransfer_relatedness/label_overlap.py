"""How many of the target's classes the source knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task


@final
@dataclass(frozen=True)
class LabelOverlap(RelatednessEstimator):
    """|C_T ∩ C_S| / |C_T|, the openness question of Panareda Busto and Gall (Open Set Domain Adaptation, ICCV 2017).

    C_T are the classes of the target's labelled rows (all declared ones where nothing is labelled), C_S those that
    occur in the source's rows; classes are compared by name.
    """

    name: ClassVar[str] = "label_overlap"
    needs: ClassVar[Asset] = Asset.SOURCE_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "share of target classes, 0 to 1"
    cost: ClassVar[str] = "O(n + m)"
    seconds: ClassVar[float] = 0.001
    meaning: ClassVar[str] = "1: the source has rows of every target class; 0: of none."
    reference: ClassVar[str] = "Panareda Busto and Gall, ICCV 2017, doi:10.1109/ICCV.2017.88"
    regression: ClassVar[bool] = False

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The share; NaN when the target has no classes or the source states none."""
        if task.classes is None or source.classes is None:
            return float("nan")
        labeled = task.train.y is not None and len(task.train) > 0
        wanted = [task.classes[label] for label in np.unique(task.train.labels)] if labeled else task.classes
        known = {source.classes[label] for label in np.unique(source.rows.labels)}
        return sum(name in known for name in wanted) / len(wanted)
