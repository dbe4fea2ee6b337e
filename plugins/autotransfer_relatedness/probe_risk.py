"""The short probe read as a risk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.assets import Asset
from autotransfer.relatedness import RelatednessEstimator, Role
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.transfer_probe import probe_gain


@final
@dataclass(frozen=True)
class ProbeRisk(RelatednessEstimator):
    """P(gain < 0) of the transfer probe (after TuneAhead, arXiv:2606.17660), by the normal distribution of its mean.

    It speaks of pooling with a linear model and of the rows' scatter alone: it is evidence, calibrated on nothing.
    """

    name: ClassVar[str] = "probe_risk"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "probability, 0 to 1"
    cost: ClassVar[str] = "O((n + m) d^2 + d^3), up to 25 times"
    seconds: ClassVar[float] = 0.4
    role: ClassVar[Role] = Role.RISK
    meaning: ClassVar[str] = "How likely pooling this source's rows hurts a linear model: 0 hardly, 1 almost surely."
    reference: ClassVar[str] = "probe as in TuneAhead, arXiv:2606.17660"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The probability; NaN where the probe is undefined."""
        probe = probe_gain(task, source, ctx)
        if not math.isfinite(probe.standard_error) or probe.standard_error == 0:
            return float("nan")
        return 0.5 * math.erfc(probe.mean / probe.standard_error / math.sqrt(2))
