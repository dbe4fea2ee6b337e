"""ALE: rank by a weighted approximate loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_zeroshot.described import NEEDS, SIGNATURES, describe
from autotransfer_zeroshot.predictor import ClassScores, Scores, finished
from autotransfer_zeroshot.ranking import Descent, descend


@final
@dataclass(frozen=True)
class Ale(Method):
    """Akata, Perronnin, Harchaoui and Schmid, "Label-embedding for image classification", TPAMI 2016
    (arXiv:1503.08677).

    A row's loss is β_r / r times the sum of its margin violations, r being their number and β_r = 1 + 1/2 + ... + 1/r
    (weighted approximate ranking). The paper estimates r by drawing classes until one violates the margin; here all
    seen classes are looked at, so that r is exact. As in the paper there is no other penalty than ending early.

    :param epochs: passes over the rows. :param rate: step. :param signatures: see ``described.SIGNATURES``.
    :param calibration: see ``calibration.seen_penalty``.
    """

    epochs: int = 30
    rate: float = 0.3
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    name: ClassVar[str] = "ale"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Akata, Perronnin, Harchaoui and Schmid, TPAMI 2016, arXiv:1503.08677"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Descent with a margin of 1."""
        rows = describe(task, self.signatures)
        V = descend(rows, ranks, Descent(self.epochs, self.rate, margin=1.0), ctx)
        return finished(rows, Scores(V @ rows.S.T, np.zeros(len(rows.S))), self.calibration)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            epochs=suggest.suggest_int("epochs", 3, 100, log=True),
            rate=suggest.suggest_float("rate", 0.01, 10.0, log=True),
            signatures=suggest.suggest_categorical("signatures", SIGNATURES),
            calibration=suggest.suggest_float("calibration", 0.0, 1.5),
        )


def ranks(violations: Array) -> Array:
    """β_r / r for each violation above 0, r of them in a row."""
    above = violations > 0
    count = above.sum(axis=1)
    harmonic = np.concatenate([[0.0], np.cumsum(1.0 / np.arange(1, violations.shape[1] + 1))])
    return np.asarray(above * (harmonic[count] / np.maximum(count, 1))[:, None])
