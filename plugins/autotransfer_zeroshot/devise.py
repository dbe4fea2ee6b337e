"""DeViSE: a hinge loss on unit class embeddings."""

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
class Devise(Method):
    """Frome, Corrado, Shlens, Bengio, Dean, Ranzato and Mikolov, "DeViSE: a deep visual-semantic embedding model",
    NIPS 2013 (papers.nips.cc/paper/5204).

    A row's loss is the sum over other classes of max(0, margin - s_y M x + s_j M x), with class embeddings s of
    length 1 and steps by Adagrad, as in the paper. The paper breaks the sum off at the first violation in a random
    order; here it is whole. The row's features stay as they are: the paper trains its network too, at the end.

    :param margin: 0.1 in the paper. :param epochs: passes over the rows. :param rate: Adagrad's step.
    :param signatures: see ``described.SIGNATURES``. :param calibration: see ``calibration.seen_penalty``.
    """

    margin: float = 0.1
    epochs: int = 20
    rate: float = 0.1
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    name: ClassVar[str] = "devise"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Frome et al., NIPS 2013, papers.nips.cc/paper/5204"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Descent by Adagrad."""
        rows = describe(task, self.signatures)
        V = descend(rows, every, Descent(self.epochs, self.rate, self.margin, adaptive=True), ctx)
        return finished(rows, Scores(V @ rows.S.T, np.zeros(len(rows.S))), self.calibration)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            margin=suggest.suggest_float("margin", 0.01, 10.0, log=True),
            epochs=suggest.suggest_int("epochs", 3, 100, log=True),
            rate=suggest.suggest_float("rate", 0.01, 1.0, log=True),
            signatures=suggest.suggest_categorical("signatures", SIGNATURES),
            calibration=suggest.suggest_float("calibration", 0.0, 1.5),
        )


def every(violations: Array) -> Array:
    """1 for each violation above 0."""
    return np.asarray((violations > 0).astype(np.float64))
