"""Entropy: how sure the model is of each target row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.measured import Measured


@final
@dataclass(frozen=True)
class Entropy(Measured):
    """Morerio, Cavazza and Murino, Minimal-Entropy Correlation Alignment for Unsupervised Deep Domain Adaptation, ICLR
    2018 (arXiv:1711.10288): the mean entropy of the predictions for target rows, the less the better."""

    name: ClassVar[str] = "entropy"
    needs: ClassVar[Clue] = Clue.TARGET
    higher_is_better: ClassVar[bool] = False
    unit: ClassVar[str] = "nats, 0 to log C"
    cost: ClassVar[str] = "O(n C)"
    meaning: ClassVar[str] = "0 where the model is sure of each target row, blind to being surely wrong"
    reference: ClassVar[str] = "Morerio, Cavazza and Murino, ICLR 2018, arXiv:1711.10288"

    def score(self, evidence: LabelFree) -> float:
        rows = evidence.target_predictions
        return -float(np.mean(entropies(rows))) if len(rows) else float("nan")


def entropies(probabilities: Array) -> Array:
    """Of each row, in nats: (n, C) -> (n,), and (C,) -> a number."""
    logs = np.log(np.where(probabilities > 0, probabilities, 1.0))
    return np.asarray(-np.sum(probabilities * logs, axis=-1))
