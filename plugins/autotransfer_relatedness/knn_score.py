"""Whether the nearest source rows of a target row carry its label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.assets import Asset
from autotransfer.metrics import METRICS
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.neighbors import nearest
from autotransfer_relatedness.rows import encode_labels, labeled_pair


@final
@dataclass(frozen=True)
class KnnScore(RelatednessEstimator):
    """Accuracy of k-NN across domains; within one, k-NN was the best of many scores (arXiv:2503.18528).

    Each labelled target row is predicted from its k nearest source rows (Euclidean, columns on one scale): the mean
    of their one-hot labels, ties to the smaller index, or of their values. No target row is a neighbour, so none
    votes for itself.

    :param k: neighbours. :param cap: rows taken from each domain, at most.
    :param dims: width above which rows are projected (pooled PCA).
    """

    k: int = 5
    cap: int = 2000
    dims: int = 512

    name: ClassVar[str] = "knn_score"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "accuracy, 0 to 1; or R^2, up to 1"
    cost: ClassVar[str] = "O(n m d)"
    seconds: ClassVar[float] = 0.1
    meaning: ClassVar[str] = "1: the nearest source rows always carry the target row's label."
    reference: ClassVar[str] = "arXiv:2503.18528; Cover and Hart, IEEE Trans. Information Theory 1967"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The score; NaN without labelled rows on both sides, or for a constant target value."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        if min(len(pair.source), len(pair.target)) == 0:
            return float("nan")
        neighbors = nearest(pair.target, pair.source, min(self.k, len(pair.source)))
        outputs = encode_labels(pair.source_y, task.n_classes)[neighbors].mean(axis=1)
        if task.is_regression:
            return METRICS["r2"].score(pair.target_y, outputs[:, 0])
        return METRICS["accuracy"].score(pair.target_y, outputs)
