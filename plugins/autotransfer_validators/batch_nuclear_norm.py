"""Batch nuclear norm: predictions for target rows that are sure and diverse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.measured import Measured


@final
@dataclass(frozen=True)
class BatchNuclearNorm(Measured):
    """Cui, Wang, Zhuo, Li, Huang and Tian, Towards Discriminability and Diversity: Batch Nuclear-norm Maximization
    under Label Insufficient Situations, CVPR 2020 (arXiv:2003.12237); as a validator by Musgrave et al.,
    arXiv:2208.07360: the sum of the singular values of the predictions (n, C) for all target rows, divided by n."""

    name: ClassVar[str] = "batch_nuclear_norm"
    needs: ClassVar[Clue] = Clue.TARGET
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "sum of singular values a row, 0 to sqrt(min(n, C) / n)"
    cost: ClassVar[str] = "O(n C^2)"
    meaning: ClassVar[str] = (
        "large where the model is sure of each target row and uses all classes alike, which is wrong for rare classes"
    )
    reference: ClassVar[str] = "Cui et al., CVPR 2020, arXiv:2003.12237"

    def score(self, evidence: LabelFree) -> float:
        rows = np.asarray(evidence.target_predictions, dtype=np.float64)
        if len(rows) == 0:
            return float("nan")
        return float(np.linalg.svd(rows, compute_uv=False).sum() / len(rows))
