"""SAE: an encoder to the attributes whose transpose decodes."""

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
class Sae(Method):
    """Kodirov, Xiang and Gong, "Semantic autoencoder for zero-shot learning", CVPR 2017 (arXiv:1704.08345).

    W minimises ‖X - S W‖² + λ ‖X Wᵀ - S‖², so that its transpose decodes; a row belongs to the class whose signature is
    nearest to its W x by the cosine. The length of W x is the same for all classes: without calibration the product
    W x · s with signatures of length 1 gives the cosine's order, and it is the score that is calibrated here.

    :param lam: λ. :param signatures: see ``described.SIGNATURES``.
    :param calibration: see ``calibration.seen_penalty``.
    """

    lam: float = 1.0
    signatures: str = SIGNATURES[0]
    calibration: float = 0.5

    name: ClassVar[str] = "sae"
    needs: ClassVar[Asset] = NEEDS
    regression: ClassVar[bool] = False
    reference: ClassVar[str] = "Kodirov, Xiang and Gong, CVPR 2017, arXiv:1704.08345"
    predictor: ClassVar[type[ClassScores]] = ClassScores

    def fit(self, task: Task, source: Source | None, ctx: Context) -> ClassScores:
        """A Sylvester equation."""
        rows = describe(task, self.signatures)
        ctx.check_time()
        W = tied_weights(rows.X, rows.S[rows.y], self.lam)
        return finished(rows, Scores(W.T @ rows.S.T, np.zeros(len(rows.S))), self.calibration)

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            lam=suggest.suggest_float("lam", 1e-3, 1e3, log=True),
            signatures=suggest.suggest_categorical("signatures", SIGNATURES),
            calibration=suggest.suggest_float("calibration", 0.0, 1.5),
        )


def tied_weights(X: Array, S: Array, lam: float) -> Array:
    """W (a, d) that minimises ‖X - S W‖² + λ ‖X Wᵀ - S‖²: SᵀS W + λ W XᵀX = (1 + λ) SᵀX.

    Both matrices are symmetric, so that the equation falls apart in their eigenvectors. Directions that neither rows
    nor signatures have get no weight.

    :param X: (n, d). :param S: (n, a), the signature of each row's class. :param lam: λ > 0.
    """
    left, U = np.linalg.eigh(S.T @ S)
    right, V = np.linalg.eigh(X.T @ X)
    total = np.maximum(left, 0.0)[:, None] + lam * np.maximum(right, 0.0)
    wanted = (1 + lam) * (U.T @ S.T @ X @ V)
    small = total <= 1e-12 * max(float(total.max(initial=0.0)), 1e-300)
    return np.asarray(U @ np.where(small, 0.0, wanted / np.where(small, 1.0, total)) @ V.T)
