"""Deep embedded validation: importance weights in feature space, and a control variate against their variance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.density_ratio import density_ratios
from autotransfer_validators.measured import Measured
from autotransfer_validators.row_losses import as_score, row_losses


@final
@dataclass(frozen=True)
class DeepEmbeddedValidation(Measured):
    """You, Wang, Long and Jordan, Towards Accurate Model Selection in Deep Unsupervised Domain Adaptation, ICML 2019
    (https://proceedings.mlr.press/v97/you19a.html).

    The risk is mean(w l) + eta mean(w) - eta with eta = -Cov(w l, w) / Var(w): the weights have mean 1, which is used
    as a control variate. As in the reference code covariances divide by v - 1, and the risk may leave the range of the
    losses.
    """

    name: ClassVar[str] = "deep_embedded_validation"
    needs: ClassVar[Clue] = Clue.HELD_OUT | Clue.FEATURES | Clue.ROW_LOSSES
    higher_is_better: ClassVar[bool] = True
    in_metric: ClassVar[bool] = True
    unit: ClassVar[str] = "the run's metric, beyond its range at times"
    cost: ClassVar[str] = "O((m + n) d^2), one logistic domain classifier"
    meaning: ClassVar[str] = (
        "the score on source rows that were held out, those like target rows counting more, its variance reduced; "
        "right if the domains differ in their features alone"
    )
    reference: ClassVar[str] = "You, Wang, Long and Jordan, ICML 2019, proceedings.mlr.press/v97/you19a.html"
    regression: ClassVar[bool] = True

    def score(self, evidence: LabelFree) -> float:
        if len(evidence.held) == 0:
            return float("nan")
        return as_score(evidence, controlled_risk(density_ratios(evidence), row_losses(evidence)))


def controlled_risk(weights: Array, losses: Array) -> float:
    """The weighted risk with its control variate; weights and losses (v,), v at least 1."""
    weighted = weights * losses
    variance = np.var(weights, ddof=1) if len(weights) > 1 else 0.0
    if variance <= 1e-12 * np.mean(weights) ** 2:  # equal weights: there is nothing to control
        return float(np.mean(weighted))
    eta = -np.cov(weighted, weights)[0, 1] / variance
    return float(np.mean(weighted) + eta * np.mean(weights) - eta)
