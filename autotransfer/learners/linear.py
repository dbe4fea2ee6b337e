"""Linear models: ridge regression and multinomial logistic regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

from autotransfer.learners.learner import Learner
from autotransfer.learners.linear_predictor import LinearPredictor
from autotransfer.learners.logistic import solve_logistic
from autotransfer.learners.ridge import solve_ridge
from autotransfer.learners.rows import Rows
from autotransfer.method import Suggest


@final
@dataclass(frozen=True)
class Linear(Learner):
    """L2-penalised linear model: Hoerl and Kennard, "Ridge regression", Technometrics 1970,
    https://doi.org/10.1080/00401706.1970.10488634; logistic: le Cessie and van Houwelingen, "Ridge estimators in
    logistic regression", Applied Statistics 1992, https://doi.org/10.2307/2347628.

    :param l2: penalty against the sum of losses, > 0 (scikit-learn's ``alpha`` and ``1 / C``).
    """

    kind: ClassVar[str] = "linear"

    l2: float = 1.0

    def train(self, rows: Rows, seed: int) -> LinearPredictor:
        if rows.n_classes == 0:
            return LinearPredictor(*solve_ridge(rows, self.l2), regression=True)
        return LinearPredictor(*solve_logistic(rows, self.l2), regression=False)

    @classmethod
    def suggest(cls, suggest: Suggest, name: str) -> Self:
        return cls(l2=suggest.suggest_float(f"{name}.l2", 1e-3, 1e4, log=True))
