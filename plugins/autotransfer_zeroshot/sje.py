"""SJE: the most violating class alone."""

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
class Sje(Method):
    """Akata, Reed, Walter, Lee and Schiele, "Evaluation of output embeddings for fine-grained image classification",
    CVPR 2015 (arXiv:1409.8403): the structured hinge loss, which is the largest margin violation of a row.

    :param epochs: passes over the rows. :param rate: step. :param signatures: see ``described.SIGNATURES``.
    :param calibration: see ``calibration.seen_penalty``.
    """

    epochs: int = 30
    rate: float = 0.3
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    name: ClassVar[str] = "sje"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Akata, Reed, Walter, Lee and Schiele, CVPR 2015, arXiv:1409.8403"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Descent with a margin of 1."""
        rows = describe(task, self.signatures)
        V = descend(rows, largest, Descent(self.epochs, self.rate, margin=1.0), ctx)
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


def largest(violations: Array) -> Array:
    """1 for the largest violation of a row, if there is one above 0."""
    found = np.zeros_like(violations)
    each, worst = np.arange(len(violations)), violations.argmax(axis=1)
    found[each, worst] = violations[each, worst] > 0
    return found
