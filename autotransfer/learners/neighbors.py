"""k nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.learners.learner import Learner
from autotransfer.learners.neighbors_predictor import NeighborsPredictor, unit_rows
from autotransfer.learners.rows import Rows
from autotransfer.method import Suggest


@final
@dataclass(frozen=True)
class Neighbors(Learner):
    """k nearest neighbours: Cover and Hart, "Nearest neighbor pattern classification", IEEE Transactions on
    Information Theory 1967, https://doi.org/10.1109/TIT.1967.1053964.

    :param k: neighbours that vote, >= 1, counted by weight; all rows vote when they weigh less.
    :param weighting: ``uniform``, or ``distance``: votes weigh by inverse distance.
    :param metric: ``euclidean`` or ``cosine``.
    """

    kind: ClassVar[str] = "neighbors"

    k: int = 5
    weighting: str = "uniform"
    metric: str = "euclidean"

    def train(self, rows: Rows, seed: int) -> NeighborsPredictor:
        regression = rows.n_classes == 0
        cosine = self.metric == "cosine"
        return NeighborsPredictor(
            X=unit_rows(rows.X) if cosine else rows.X.astype(np.float64),
            answers=rows.y[:, None] if regression else np.eye(rows.n_classes)[rows.y],
            weights=rows.weights,
            k=self.k,
            cosine=cosine,
            closer_counts=self.weighting == "distance",
            regression=regression,
        )

    @classmethod
    def suggest(cls, suggest: Suggest, name: str) -> Self:
        return cls(
            k=suggest.suggest_int(f"{name}.k", 1, 30, log=True),
            weighting=suggest.suggest_categorical(f"{name}.weighting", ("uniform", "distance")),
            metric=suggest.suggest_categorical(f"{name}.metric", ("euclidean", "cosine")),
        )
