"""Linear tasks in a common subspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.method import Method, Suggest
from autotransfer.task import Context, Source, Task
from autotransfer_multitask.linear import LinearRows, TaskLinear
from autotransfer_multitask.rows import NEEDS, gather

_STEPS = 500
_SETTLED = 1e-6
"""Relative change of the weights at which steps end."""


@final
@dataclass(frozen=True)
class TraceNorm(Method):
    """Argyriou, Evgeniou and Pontil, "Convex multi-task feature learning", Machine Learning 73, 2008,
    https://doi.org/10.1007/s10994-007-5040-8: the weights of all tasks as one matrix, whose singular values are
    penalised by their sum, so that tasks, whatever their labels mean, share few directions of the columns.

    Solved in the form of Ji and Ye, "An accelerated gradient method for trace norm minimization", ICML 2009, with the
    sum of all losses: squared errors of values, cross-entropies of classes. Intercepts are free.

    :param penalty: weight of the trace norm, > 0.
    """

    penalty: float = 5.0

    name: ClassVar[str] = "trace_norm"
    needs: ClassVar[Asset] = NEEDS
    reference: ClassVar[str] = "Argyriou, Evgeniou and Pontil, Machine Learning 2008, doi:10.1007/s10994-007-5040-8"
    predictor: ClassVar[type[TaskLinear]] = TaskLinear

    def fit(self, task: Task, source: Source | None, ctx: Context) -> TaskLinear:
        """Accelerated proximal gradient steps."""
        rows = LinearRows.of(gather(task))
        return rows.predictor(solved(rows, self.penalty, ctx))

    @classmethod
    def suggest(cls, suggest: Suggest) -> Self:
        """The penalty."""
        return cls(penalty=suggest.suggest_float("penalty", 1e-2, 1e3, log=True))


def solved(rows: LinearRows, penalty: float, ctx: Context) -> Array:
    """Weights of ``rows.shape`` that make the loss plus ``penalty`` times the trace norm small."""
    W = Z = np.zeros(rows.shape)
    step, momentum = 1.0 / _curvature(rows), 1.0
    for _ in range(_STEPS):
        ctx.check_time()
        _, slope = rows.loss(Z)
        after = shrunk(Z - step * slope, step * penalty)
        change = float(np.linalg.norm(after - W))
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        Z = after + (momentum - 1) / following * (after - W)
        if np.vdot(Z - after, after - W) < 0:  # restart of O'Donoghue and Candès, 2015: momentum that leads uphill
            Z, following = after, 1.0
        W, momentum = after, following
        if change <= _SETTLED * float(np.linalg.norm(W)):
            break
    return W


def _curvature(rows: LinearRows) -> float:
    """The largest curvature of a task's loss; cross-entropies curve half as much at most."""
    grams = rows.per_task(rows.A)
    return float(max(np.linalg.norm(gram, 2) for gram in grams)) or 1.0


def shrunk(W: Array, by: float) -> Array:
    """Singular values of the matrix of all weights (d, tasks * width) made smaller by ``by``, down to 0; intercepts,
    the last of the columns, stay."""
    tasks, columns, width = W.shape
    matrix = W[:, :-1].transpose(1, 0, 2).reshape(columns - 1, tasks * width)
    U, s, V = np.linalg.svd(matrix, full_matrices=False)
    low = (U * np.maximum(s - by, 0.0)) @ V
    found = W.copy()
    found[:, :-1] = low.reshape(columns - 1, tasks, width).transpose(1, 0, 2)
    return found
