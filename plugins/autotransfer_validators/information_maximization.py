"""Information maximisation: sure of each target row, and undecided about all of them together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.entropy import entropies
from autotransfer_validators.measured import Measured


@final
@dataclass(frozen=True)
class InformationMaximization(Measured):
    """Krause, Perona and Gomes, Discriminative Clustering by Regularized Information Maximization, NIPS 2010, for
    domain adaptation by Shi and Sha, Information-Theoretical Learning of Discriminative Clusters for Unsupervised
    Domain Adaptation, ICML 2012 (arXiv:1206.6438).

    The mutual information of target rows and predicted classes: the entropy of the mean prediction minus the mean
    entropy of the predictions.
    """

    name: ClassVar[str] = "information_maximization"
    needs: ClassVar[Clue] = Clue.TARGET
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "nats, 0 to log C"
    cost: ClassVar[str] = "O(n C)"
    meaning: ClassVar[str] = (
        "large where the model is sure of each target row and uses all classes alike, which is wrong for rare classes"
    )
    reference: ClassVar[str] = "Krause, Perona and Gomes, NIPS 2010; Shi and Sha, ICML 2012, arXiv:1206.6438"

    def score(self, evidence: LabelFree) -> float:
        rows = np.asarray(evidence.target_predictions, dtype=np.float64)
        if len(rows) == 0:
            return float("nan")
        return float(entropies(rows.mean(axis=0)) - np.mean(entropies(rows)))
