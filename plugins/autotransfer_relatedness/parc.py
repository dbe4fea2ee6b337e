"""Whether rows that differ in the representation differ in the label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_relatedness.representation import RepresentationScore, leading_components


@final
@dataclass(frozen=True)
class PairwiseAnnotationCorrelation(RepresentationScore):
    """PARC: Bolya, Mittapalli and Hoffman, Scalable Diverse Model Selection, NeurIPS 2021 (arXiv:2111.06977):
    the Spearman correlation, over pairs of rows, of 1 - corr(f_i, f_j) and 1 - corr(y_i, y_j).

    f are rows reduced to ``components`` principal components (32 in the paper) and standardised by column, as in the
    authors' code, y one-hot labels, and corr is Pearson's between two rows. (It sees the signs of the components; they
    are scikit-learn's, as there.)

    :param components: principal components to keep.
    """

    cap: int = 500
    components: int = 32

    name: ClassVar[str] = "parc"
    unit: ClassVar[str] = "rank correlation, -1 to 1"
    cost: ClassVar[str] = "O(n^2 d), n at most 500"
    seconds: ClassVar[float] = 0.05
    meaning: ClassVar[str] = "1: rows of one label are alike and others are not; 0: likeness says nothing of labels."
    reference: ClassVar[str] = "Bolya et al., NeurIPS 2021, arXiv:2111.06977"
    regression: ClassVar[bool] = False

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """PARC; NaN where rows, or all pairs, are alike."""
        from scipy.stats import rankdata

        F = leading_components(X, self.components)
        F = F / np.maximum(F.std(axis=0), np.finfo(float).tiny)
        pairs = np.triu_indices(len(F), 1)
        # Labels are either the same or not, and two different one-hot rows are all equally far apart.
        differs = (y[:, None] != y)[pairs].astype(np.float64)
        likeness = _row_correlations(F)
        if likeness is None:
            return float("nan")
        ranks = rankdata(-likeness[pairs]), differs
        if any(np.ptp(values) == 0 for values in ranks):
            return float("nan")
        return float(np.corrcoef(*ranks)[0, 1])


def _row_correlations(F: Array) -> Array | None:
    """Pearson's correlation of every two rows, (n, n); None where a row does not vary."""
    centered = F - F.mean(axis=1, keepdims=True) if F.shape[1] else F
    lengths = np.sqrt((centered**2).sum(axis=1, keepdims=True))
    if np.any(lengths <= 1e-12):
        return None
    centered = centered / lengths
    return np.asarray(centered @ centered.T)
