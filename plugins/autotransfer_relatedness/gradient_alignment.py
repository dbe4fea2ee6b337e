"""Whether a first step on the source's loss is a step on the target's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.rows import encode_labels, labeled_pair


@final
@dataclass(frozen=True)
class GradientAlignment(RelatednessEstimator):
    """cos(grad L_S(W), grad L_T(W)), by which Du et al., Adapting Auxiliary Losses Using Gradient Similarity
    (arXiv:1812.02224), decide whether a step on another task's loss helps the target.

    L is the mean cross-entropy of a linear model with softmax, or half its mean squared error, and the gradient is
    taken at W = 0 with the best intercepts of each side, where it is -sum_i x_i (y_i - mean y)^T / n with y one-hot.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 5000
    dims: int = 512

    name: ClassVar[str] = "gradient_alignment"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.SHARED_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "cosine, -1 to 1"
    cost: ClassVar[str] = "O((n + m) d C)"
    seconds: ClassVar[float] = 0.05
    meaning: ClassVar[str] = "1: learning from the source starts as learning from the target does; below 0: against it."
    reference: ClassVar[str] = "Du et al., arXiv:1812.02224"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The cosine; NaN where a side's gradient is 0."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        if min(len(pair.source), len(pair.target)) == 0:
            return float("nan")
        S, T = (
            _gradient(X, encode_labels(y, task.n_classes))
            for X, y in ((pair.source, pair.source_y), (pair.target, pair.target_y))
        )
        lengths = float(np.linalg.norm(S) * np.linalg.norm(T))
        return float(np.sum(S * T)) / lengths if lengths > 0 else float("nan")


def _gradient(X: Array, Y: Array) -> Array:
    """Of the loss for the weights, (d, c), in a unit of the labels that does not count."""
    residual = Y.mean(axis=0) - Y
    largest = np.abs(residual).max()
    # A label that all rows share leaves a residual of rounding errors only.
    if largest <= 1e-12 * np.abs(Y).max(initial=0.0):
        return np.zeros((X.shape[1], Y.shape[1]))
    return np.asarray(X.T @ (residual / largest) / len(X))
