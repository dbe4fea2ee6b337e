"""How much the classes overlap in the representation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_relatedness.representation import RepresentationScore, leading_components

_FLOOR = 1e-4
"""Least variance, as in the authors' code."""


@final
@dataclass(frozen=True)
class GaussianBhattacharyya(RepresentationScore):
    """GBC: Pándy, Agostinelli, Uijlings, Ferrari and Mensink, CVPR 2022 (arXiv:2111.12780):
    -sum_{c != c'} exp(-D_B(c, c')), D_B = |m - m'|^2 / (8 v) + d log(v / sqrt(v_c v_c')) / 2, v = (v_c + v_c') / 2.

    Classes are spherical Gaussians, the paper's default, of means m and variances v_c (the mean over columns) in the
    ``components`` leading principal components (64 there). Every pair counts twice, as there.

    :param components: principal components to keep.
    """

    cap: int = 5000
    components: int = 64

    name: ClassVar[str] = "gbc"
    unit: ClassVar[str] = "overlap of all pairs of classes, from -C (C - 1) to 0"
    cost: ClassVar[str] = "O(n d^2 + d^3)"
    seconds: ClassVar[float] = 0.1
    meaning: ClassVar[str] = "0: no two classes overlap; very negative: many do."
    reference: ClassVar[str] = "Pándy et al., CVPR 2022, arXiv:2111.12780"
    regression: ClassVar[bool] = False

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """GBC; all classes overlap where features are constant."""
        Z = leading_components(X, self.components)
        d = Z.shape[1]
        members = np.eye(y.max() + 1)[y]
        counts = members.sum(axis=0)
        means = members.T @ Z / counts[:, None]
        scatter = members.T @ ((Z - means[y]) ** 2).sum(axis=1)
        variances = np.maximum(scatter / np.maximum(counts * d, 1.0), _FLOOR)
        between = 0.5 * (variances[:, None] + variances)
        apart = ((means[:, None] - means) ** 2).sum(axis=2) / (8.0 * between)
        uneven = 0.5 * d * np.log(between / np.sqrt(variances[:, None] * variances))
        return float(len(counts) - np.exp(-apart - uneven).sum())
