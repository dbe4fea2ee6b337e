"""How many fewer bits the features take once the labels are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_relatedness.representation import RepresentationScore


@final
@dataclass(frozen=True)
class TransRate(RepresentationScore):
    """TransRate: Huang et al., Frustratingly Easy Transferability Estimation, ICML 2022 (arXiv:2106.09362):
    R(Z) - sum_c (n_c / n) R(Z_c), where R(Z) = log det(I + Z^T Z / (n e)) / 2 is the rate that codes the rows of Z.

    Z are centred features, Z_c the n_c rows of class c. The authors' listing averages R(Z_c) with equal weights; their
    formula, with n_c / n, is followed. e is 1e-4 there, whatever the unit of the features; here the features' unit is
    the root mean square of the centred entries.

    :param distortion: e, > 0.
    """

    distortion: float = 1e-4

    name: ClassVar[str] = "transrate"
    unit: ClassVar[str] = "nats"
    cost: ClassVar[str] = "O(n d^2 + C d^3)"
    seconds: ClassVar[float] = 0.05
    meaning: ClassVar[str] = "Larger: rows of one class lie closer together than rows at large do."
    reference: ClassVar[str] = "Huang et al., ICML 2022, arXiv:2106.09362"
    regression: ClassVar[bool] = False

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """TransRate; 0 for constant features."""
        Z = X - X.mean(axis=0)
        size = float(np.sqrt(np.mean(Z**2)))
        if size <= 1e-12:
            return 0.0
        Z = Z / size
        counts = np.bincount(y)
        within = [count * self._rate(Z[y == label]) for label, count in enumerate(counts)]
        return float(self._rate(Z) - sum(within) / len(Z))

    def _rate(self, Z: Array) -> float:
        n, d = Z.shape
        # det(I + Z^T Z) = det(I + Z Z^T): the smaller one will do.
        gram = Z.T @ Z if d <= n else Z @ Z.T
        return 0.5 * float(np.linalg.slogdet(np.eye(len(gram)) + gram / (n * self.distortion))[1])
