"""Tasks in clusters, told by where their gradients point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.linear import LinearRows, TaskLinear
from autotransfer_multitask.mean_regularized import solved
from autotransfer_multitask.rows import NEEDS, gather

_ONE_MODEL = 1e8
"""Penalty of differences between tasks at which they have one model."""


@final
@dataclass(frozen=True)
class GradientClusters(Method):
    """Sattler, Müller and Samek, "Clustered federated learning: model-agnostic distributed multitask optimization under
    privacy constraints", IEEE Transactions on Neural Networks and Learning Systems 32, 2021 (arXiv:1910.01991).

    At the best common model of all tasks their gradients sum to zero: tasks of different kinds pull it in opposite
    directions, which the cosines of their gradients tell. Each cluster then gets models around a mean of its own, see
    ``mean_regularized``.

    The paper takes gradients as they are and cuts where single linkage does, for clients with many rows. Tasks with few
    rows have gradients full of noise: here they are measured in units of their spread over rows (the natural gradient
    of Amari, Neural Computation 10, 1998), and the leading eigenvectors of the cosines are clustered by k-means (Ng,
    Jordan and Weiss, NIPS 2001). Only tasks whose labels come from one column can have a common model.

    :param clusters: of the tasks of one column, at least 1. :param own: penalty of a task's way from its cluster, > 0.
    :param common: penalty of what a cluster shares, > 0.
    """

    clusters: int = 2
    own: float = 10.0
    common: float = 1.0

    name: ClassVar[str] = "gradient_clusters"
    needs: ClassVar[Asset] = NEEDS
    reference: ClassVar[str] = "Sattler, Müller and Samek, IEEE TNNLS 2021, arXiv:1910.01991"
    predictor: ClassVar[type[TaskLinear]] = TaskLinear

    def fit(self, task: Task, source: Source | None, ctx: Context) -> TaskLinear:
        """A common model, clusters, and a model for each of them."""
        rows = LinearRows.of(gather(task))
        spaces = np.unique([one.space for one in task.tasks], return_inverse=True)[1]
        groups = found_clusters(rows, spaces, self.clusters, self.common, ctx)
        return rows.predictor(solved(rows, groups, self.own, self.common, ctx))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """Every field."""
        return cls(
            clusters=suggest.suggest_int("clusters", 1, 6),
            own=suggest.suggest_float("own", 1e-2, 1e5, log=True),
            common=suggest.suggest_float("common", 1e-2, 1e4, log=True),
        )


def found_clusters(rows: LinearRows, spaces: Array, clusters: int, common: float, ctx: Context) -> Array:
    """The cluster of each task, int64 (tasks,), from 0 on; tasks of different spaces are never in one, tasks without
    rows in the first of their space.

    :param spaces: which tasks have labels from one column, (tasks,). :param common: penalty of the common model.
    """
    W = solved(rows, spaces, _ONE_MODEL, common, ctx)
    slopes = rows.slopes(W)
    groups = np.zeros(len(spaces), np.int64)
    for space in np.unique(spaces):
        mine = np.intersect1d(np.flatnonzero(spaces == space), rows.task)
        first = 0 if space == 0 else int(groups[spaces < space].max()) + 1
        groups[spaces == space] = first
        if clusters > 1 and len(mine) > clusters:
            here = np.isin(rows.task, mine)
            each = (rows.A[here][:, :, None] * slopes[here][:, None, :]).reshape(int(here.sum()), -1)
            groups[mine] = first + cut(natural(each, rows.task[here]), clusters, ctx.seed)
    return np.unique(groups, return_inverse=True)[1]


def natural(gradients: Array, task: Array) -> Array:
    """The mean gradient of each task, (tasks, p), in units of the spread of the gradients of single rows, (n, p)."""
    present = np.unique(task)
    means = np.stack([gradients[task == number].mean(axis=0) for number in present])
    values, vectors = np.linalg.eigh(gradients.T @ gradients / len(gradients))
    varies = values > 1e-6 * max(float(values[-1]), 1e-300)
    return np.asarray(means @ vectors[:, varies] / np.sqrt(values[varies]))


def cut(gradients: Array, clusters: int, seed: int) -> Array:
    """Clusters of gradients (tasks, p) by their directions, int64 (tasks,)."""
    from sklearn.cluster import KMeans

    lengths = np.linalg.norm(gradients, axis=1, keepdims=True)
    directions = gradients / np.where(lengths > 0, lengths, 1.0)
    values, vectors = np.linalg.eigh(directions @ directions.T)
    leading = vectors[:, -(clusters - 1) :] * np.sqrt(np.maximum(values[-(clusters - 1) :], 0.0))
    if len(np.unique(leading.round(9), axis=0)) < clusters:
        return np.zeros(len(gradients), np.int64)
    return np.asarray(KMeans(clusters, n_init=10, random_state=seed).fit_predict(leading), np.int64)
