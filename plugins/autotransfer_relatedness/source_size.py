"""How many rows the source has: what can be said of it without looking at any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task


@final
@dataclass(frozen=True)
class SourceSize(RelatednessEstimator):
    """log10 of the number of source rows: the static prior "size" of Poth, Pfeiffer, Rückle and Gurevych, What to
    Pre-Train on?, EMNLP 2021 (arXiv:2104.08247), the same for every target, and what other scores have to beat.

    Of a source with more rows than trials take, those that they take count.
    """

    name: ClassVar[str] = "source_size"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "decimal digits, from 0"
    cost: ClassVar[str] = "O(1)"
    seconds: ClassVar[float] = 0.001
    meaning: ClassVar[str] = "3: a thousand rows, 4: ten thousand. It says nothing of how they fit the target."
    reference: ClassVar[str] = "Poth et al., EMNLP 2021, arXiv:2104.08247"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The logarithm; NaN without source rows."""
        return math.log10(len(source.rows)) if len(source.rows) else float("nan")
