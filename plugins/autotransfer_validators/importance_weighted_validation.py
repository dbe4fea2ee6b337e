"""Importance-weighted validation: held-out source rows count as much as they look like target rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.density_ratio import density_ratios
from autotransfer_validators.measured import Measured
from autotransfer_validators.row_losses import as_score, row_losses


@final
@dataclass(frozen=True)
class ImportanceWeightedValidation(Measured):
    """Sugiyama, Krauledat and Müller, Covariate Shift Adaptation by Importance Weighted Cross Validation, JMLR 8, 2007
    (https://jmlr.org/papers/v8/sugiyama07a.html).

    The mean loss of held-out source rows, weighted by p(target) / p(source). The paper divides by the number of rows;
    here, as in the library skada, by the sum of the weights: estimated ratios rarely have mean 1, and an estimate of
    accuracy should stay between 0 and 1.
    """

    name: ClassVar[str] = "importance_weighted_validation"
    needs: ClassVar[Clue] = Clue.HELD_OUT | Clue.FEATURES | Clue.ROW_LOSSES
    higher_is_better: ClassVar[bool] = True
    in_metric: ClassVar[bool] = True
    unit: ClassVar[str] = "the run's metric"
    cost: ClassVar[str] = "O((m + n) d^2), one logistic domain classifier"
    meaning: ClassVar[str] = (
        "the score on source rows that were held out, those like target rows counting more, right if the domains "
        "differ in their inputs alone"
    )
    reference: ClassVar[str] = "Sugiyama, Krauledat and Müller, JMLR 8, 2007, jmlr.org/papers/v8/sugiyama07a.html"
    regression: ClassVar[bool] = True

    def score(self, evidence: LabelFree) -> float:
        if len(evidence.held) == 0:
            return float("nan")
        return as_score(evidence, float(np.average(row_losses(evidence), weights=density_ratios(evidence))))
