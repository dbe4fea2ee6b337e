"""Whether source and target rest on the same features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.learners.links import probabilities
from autotransfer.learners.logistic import solve_logistic
from autotransfer.learners.rows import Rows, present_classes
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.ridge import fit_ridge
from autotransfer_relatedness.rows import labeled_pair


@final
@dataclass(frozen=True)
class TaskEmbeddingSimilarity(RelatednessEstimator):
    """TaskEmb of Vu et al., Exploring and Predicting Transferability across NLP Tasks, EMNLP 2020 (arXiv:2005.00770):
    the cosine of the diagonal Fisher informations F_S and F_T of one encoder under the two tasks, an embedding of tasks
    by Achille et al., Task2Vec, ICCV 2019 (arXiv:1902.03545).

    The authors take the Fisher information of all weights of a network; here it is that of one gate g_j = 1 behind each
    feature of the encoder, under a linear head W (logistic, or least squares for values) that is fitted to the task:
    F_j = E_x E_{y ~ p(y | x)} (d log p(y | x) / d g_j)^2. Labels need no partner.

    :param cap: rows taken from each domain, at most. :param dims: width above which rows are projected (pooled PCA).
    """

    cap: int = 1000
    dims: int = 64

    name: ClassVar[str] = "task_embedding"
    needs: ClassVar[Asset] = Asset.SOURCE_INPUTS | Asset.SOURCE_LABELS | Asset.TARGET_LABELS
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "cosine, 0 to 1"
    cost: ClassVar[str] = "two logistic regressions, O((n + m) d C) a step"
    seconds: ClassVar[float] = 0.1
    meaning: ClassVar[str] = "1: the same features tell the labels in source and target; 0: other features do."
    reference: ClassVar[str] = "Vu et al., EMNLP 2020, arXiv:2005.00770; Achille et al., ICCV 2019, arXiv:1902.03545"

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The cosine; NaN where a side has a single label, or nothing tells labels."""
        pair = labeled_pair(task, source, ctx, self.cap, self.dims)
        sides = ((pair.source, pair.source_y), (pair.target, pair.target_y))
        if any(len(np.unique(y)) < 2 for _, y in sides):
            return float("nan")
        fisher = value_information if task.is_regression else class_information
        S, T = (fisher(X, y) for X, y in sides)
        lengths = float(np.linalg.norm(S) * np.linalg.norm(T))
        return float(S @ T) / lengths if lengths > 0 else float("nan")


def class_information(X: Array, y: Array) -> Array:
    """Fisher information of each feature's gate under the logistic head of the task, (d,)."""
    rows = Rows.prepare(X, y, present_classes(y, None), None)
    W, b = solve_logistic(rows, 1.0)
    P = probabilities(X @ W + b)
    if W.shape[1] == 1:
        W = np.column_stack([np.zeros(len(W)), W])
    # Under p(y | x) the score is x_j (W_yj - mean of W_j), of mean 0: its square has the variance of W_j under p.
    variance = P @ W.T**2 - (P @ W.T) ** 2
    return np.asarray(np.mean(X**2 * np.maximum(variance, 0.0), axis=0))


def value_information(X: Array, y: Array) -> Array:
    """The same for a linear head with normal noise: w_j^2 E[x_j^2] / (noise variance), (d,)."""
    spread = float(y.std())
    model = fit_ridge(X, (y / spread)[:, None])
    noise = float(np.mean((model.predict(X)[:, 0] - y / spread) ** 2))
    return np.asarray(model.coefficients[:, 0] ** 2 * np.mean(X**2, axis=0) / max(noise, 1e-12))
