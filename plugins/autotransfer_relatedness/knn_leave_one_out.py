"""Whether the nearest other rows of the target carry a row's label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.metrics import METRICS
from autotransfer.task import Context
from autotransfer_relatedness.neighbors import nearest
from autotransfer_relatedness.representation import RepresentationScore
from autotransfer_relatedness.rows import encode_labels


@final
@dataclass(frozen=True)
class KnnLeaveOneOut(RepresentationScore):
    """Leave-one-out score of k nearest neighbours, which surpassed 23 published scores in Sorkhei et al., k-NN as a
    Simple and Effective Estimator of Transferability, TMLR 2025 (arXiv:2503.18528).

    Each row is predicted from its k nearest other rows by cosine, as features of encoders are commonly judged: the mean
    of their one-hot labels, ties to the smaller index, or of their values.

    :param k: neighbours; fewer where there are fewer other rows.
    """

    k: int = 5

    name: ClassVar[str] = "knn_leave_one_out"
    unit: ClassVar[str] = "accuracy, 0 to 1; or R^2, up to 1"
    cost: ClassVar[str] = "O(n^2 d)"
    seconds: ClassVar[float] = 0.1
    meaning: ClassVar[str] = "1: in the encoder's features a row's nearest neighbours always carry its label."
    reference: ClassVar[str] = "Sorkhei et al., TMLR 2025, arXiv:2503.18528"

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """Accuracy or R^2."""
        lengths = np.linalg.norm(X, axis=1, keepdims=True)
        directions = X / np.where(lengths > 0, lengths, 1.0)
        neighbors = nearest(directions, directions, min(self.k, len(X) - 1), themselves=False)
        classes = int(y.max()) + 1 if y.dtype.kind == "i" else 0
        outputs = encode_labels(y, classes)[neighbors].mean(axis=1)
        return METRICS["accuracy"].score(y, outputs) if classes else METRICS["r2"].score(y, outputs[:, 0])
