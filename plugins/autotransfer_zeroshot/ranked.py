"""What methods have in common that descend on a ranking loss by plain steps with a margin of 1."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_zeroshot.described import NEEDS, SIGNATURES, describe
from autotransfer_zeroshot.predictor import ClassScores, Scores, finished
from autotransfer_zeroshot.ranking import Descent, descend


@dataclass(frozen=True)
class Ranked(Method):
    """A bilinear compatibility of rows and descriptions.

    :param epochs: passes over the rows. :param rate: step. :param signatures: see ``described.SIGNATURES``.
    :param calibration: see ``calibration.seen_penalty``.
    """

    epochs: int = 30
    rate: float = 0.3
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    predictor: ClassVar[type[ClassScores]] = ClassScores

    @staticmethod
    @abstractmethod
    def weights(violations: Array) -> Array:
        """The derivative of a row's loss by each violation of the margin; see ``ranking.Weights``."""

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Descent with a margin of 1."""
        rows = describe(task, self.signatures)
        V = descend(rows, self.weights, Descent(self.epochs, self.rate, margin=1.0), ctx)
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
