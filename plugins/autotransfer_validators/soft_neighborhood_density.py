"""Soft neighbourhood density: target rows should have many neighbours of like predictions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.validator import Clue, LabelFree
from autotransfer_validators.measured import Measured

_MOST = 4000
"""Target rows that are compared with each other, at most; memory is for ``_AT_ONCE`` of them against all."""
_AT_ONCE = 500


@final
@dataclass(frozen=True)
class SoftNeighborhoodDensity(Measured):
    """Saito, Kim, Teterwak, Sclaroff, Darrell and Saenko, Tune it the Right Way: Unsupervised Validation of Domain
    Adaptation via Soft Neighborhood Density, ICCV 2021 (arXiv:2108.10860).

    Predictions are scaled to length 1; each row's cosine similarities to the others, divided by the temperature, give
    a distribution over neighbours, whose entropy is averaged. As in the reference code a row's similarity to itself is
    set to -1 and stays in the softmax.

    :param temperature: > 0; 0.05 in the paper.
    """

    temperature: float = 0.05

    name: ClassVar[str] = "soft_neighborhood_density"
    needs: ClassVar[Clue] = Clue.TARGET
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "nats, 0 to log n"
    cost: ClassVar[str] = "O(n^2 C)"
    meaning: ClassVar[str] = (
        "large where target rows lie in dense groups of like predictions, largest of all where every row gets the same"
    )
    reference: ClassVar[str] = "Saito et al., ICCV 2021, arXiv:2108.10860"

    def score(self, evidence: LabelFree) -> float:
        rows = np.asarray(evidence.target_predictions, dtype=np.float64)
        if len(rows) < 2:
            return float("nan")
        if len(rows) > _MOST:
            rows = rows[np.random.default_rng(evidence.seed).choice(len(rows), _MOST, replace=False)]
        return float(np.mean(neighborhood_entropies(rows, self.temperature)))


def neighborhood_entropies(probabilities: Array, temperature: float) -> Array:
    """The entropy of each row's soft neighbourhood, (n, C) -> (n,), n at least 2."""
    units = probabilities / np.linalg.norm(probabilities, axis=1, keepdims=True)
    found = np.empty(len(units))
    for start in range(0, len(units), _AT_ONCE):
        part = np.arange(start, min(start + _AT_ONCE, len(units)))
        scores = units[part] @ units.T / temperature
        scores[np.arange(len(part)), part] = -1.0 / temperature
        scores -= scores.max(axis=1, keepdims=True)
        weights = np.exp(scores)
        total = weights.sum(axis=1)
        found[part] = np.log(total) - np.sum(weights * scores, axis=1) / total
    return found
