"""ESZSL: a bilinear compatibility in one line."""

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


@final
@dataclass(frozen=True)
class Eszsl(Method):
    """Romera-Paredes and Torr, "An embarrassingly simple approach to zero-shot learning", ICML 2015
    (proceedings.mlr.press/v37/romera-paredes15.html).

    The score of a class with signature s is x V s, with V = (XᵀX + γ I)⁻¹ Xᵀ Y S (SᵀS + λ I)⁻¹ for labels Y of -1
    and 1.

    :param gamma: γ in mean eigenvalues of XᵀX. :param lam: λ in mean eigenvalues of SᵀS.
    :param signatures: see ``described.SIGNATURES``. :param calibration: see ``calibration.seen_penalty``.
    """

    gamma: float = 0.3
    lam: float = 0.3
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    name: ClassVar[str] = "eszsl"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Romera-Paredes and Torr, ICML 2015, proceedings.mlr.press/v37/romera-paredes15.html"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """Two linear systems."""
        rows = describe(task, self.signatures)
        ctx.check_time()
        S = rows.S[rows.seen]
        gamma = self.gamma * _typical(np.square(rows.X).sum(), rows.X.shape[1])
        lam = self.lam * _typical(np.square(S).sum(), S.shape[1])
        V = compatibility(rows.X, 2 * rows.one_hot - 1, S, gamma, lam)
        return finished(rows, Scores(V @ rows.S.T, np.zeros(len(rows.S))), self.calibration)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            gamma=suggest.suggest_float("gamma", 1e-3, 100.0, log=True),
            lam=suggest.suggest_float("lam", 1e-3, 100.0, log=True),
            signatures=suggest.suggest_categorical("signatures", SIGNATURES),
            calibration=suggest.suggest_float("calibration", 0.0, 1.5),
        )


def compatibility(X: Array, Y: Array, S: Array, gamma: float, lam: float) -> Array:
    """V (d, a) that minimises ‖X V Sᵀ - Y‖² + γ ‖V Sᵀ‖² + λ ‖X V‖² + γ λ ‖V‖².

    Each inverse is taken on the smaller side: (XᵀX + γ I)⁻¹ Xᵀ = Xᵀ (X Xᵀ + γ I)⁻¹.

    :param X: (n, d). :param Y: (n, z). :param S: (z, a). :param gamma: γ > 0. :param lam: λ > 0.
    """
    return np.asarray(ridge_solution(X, ridge_solution(S, Y.T, lam).T, gamma))


def ridge_solution(A: Array, B: Array, penalty: float) -> Array:
    """(AᵀA + penalty I)⁻¹ Aᵀ B for A (n, d) and B (n, m)."""
    n, d = A.shape
    if n < d:
        return np.asarray(A.T @ np.linalg.solve(A @ A.T + penalty * np.eye(n), B))
    return np.asarray(np.linalg.solve(A.T @ A + penalty * np.eye(d), A.T @ B))


def _typical(trace: float, width: int) -> float:
    """Mean eigenvalue, 1 for a matrix of zeros."""
    return float(trace) / width if trace > 0 else 1.0
