"""Spread of the class means, measured in the spread of the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_relatedness.representation import RepresentationScore


@final
@dataclass(frozen=True)
class ShrunkHScore(RepresentationScore):
    """Shrunk H-score of Ibrahim, Ponomareva and Mazumder, Newer is not always better, ECML PKDD 2022
    (arXiv:2110.06893): (1 - a) tr(C_a^-1 cov(E[f | y])) with C_a = (1 - a) cov(f) + a tr(cov(f)) / d I.

    a is the shrinkage of Ledoit and Wolf (J. Multivariate Analysis 88, 2004). With a = 0 it is the H-score of Bao et
    al., ICIP 2019. Both covariances divide by n. Features that are uncorrelated and of equal variance (whitened) make
    a = 1, and then the score is 0 whatever the labels: that is the formula.
    """

    name: ClassVar[str] = "h_score"
    unit: ClassVar[str] = "from 0 to the number of classes less 1"
    cost: ClassVar[str] = "O(n d^2 + d^3)"
    seconds: ClassVar[float] = 0.15
    meaning: ClassVar[str] = "0: class means coincide; classes less 1: features vary between classes alone."
    reference: ClassVar[str] = "Ibrahim et al., ECML PKDD 2022, arXiv:2110.06893; Bao et al., ICIP 2019"
    regression: ClassVar[bool] = False

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """The score; 0 for constant features."""
        from sklearn.covariance import ledoit_wolf_shrinkage

        centered = X - X.mean(axis=0)
        n, d = centered.shape
        shrinkage = float(ledoit_wolf_shrinkage(centered, assume_centered=True))
        covariance = (1.0 - shrinkage) * (centered.T @ centered) / n
        covariance[np.diag_indices(d)] += shrinkage * float(np.mean(centered**2))
        counts = np.bincount(y)
        means = np.eye(len(counts))[y].T @ centered / counts[:, None]
        inverse = np.linalg.pinv(covariance, rcond=1e-12, hermitian=True)
        return float((1.0 - shrinkage) * np.einsum("cd,de,ce,c->", means, inverse, means, counts / n, optimize=True))
