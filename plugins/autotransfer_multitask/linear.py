"""Linear models of several tasks: their rows, their loss with its gradient, and what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer_multitask.rows import Scales, TaskRows, task_numbers


@final
@dataclass(frozen=True, eq=False)
class LinearRows:
    """Rows sorted by task, float64.

    :param A: (n, d + 1) rows less the mean of all, over one scale, a one at the end. :param task: (n,), ascending.
    :param y: (n,), see ``rows.TaskRows``. :param center: (d,). :param scale: positive.
    """

    A: Array
    task: Array
    y: Array
    scales: Scales
    center: Array
    scale: float

    @classmethod
    def of(cls, rows: TaskRows) -> Self:
        """The rows as they are, moved and scaled as a whole."""
        order = np.argsort(rows.task, kind="stable")
        X = np.asarray(rows.data.X, np.float64)[order]
        center = X.mean(axis=0) if len(X) else np.zeros(X.shape[1])
        scale = float(np.sqrt(np.mean(np.square(X - center)))) if X.size else 1.0
        A = np.column_stack([(X - center) / (scale or 1.0), np.ones(len(X))])
        return cls(A, rows.task[order], rows.y[order], rows.scales, center, scale or 1.0)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of all weights: tasks, columns with the intercept at the end, scores of the widest task."""
        return len(self.scales.classes), self.A.shape[1], self.scales.width

    def loss(self, W: Array) -> tuple[float, Array]:
        """The sum over all rows of half the squared error or of the cross-entropy, and its gradient, by weights W of
        :attr:`shape`. Weights of scores that a task does not have count for nothing."""
        loss, slopes = self._loss(W)
        return loss, self.per_task(slopes)

    def slopes(self, W: Array) -> Array:
        """The gradient of each row's loss by its scores, (n, width)."""
        return self._loss(W)[1]

    def _loss(self, W: Array) -> tuple[float, Array]:
        scores = np.einsum("nd,ndc->nc", self.A, W[self.task])
        inside, values = self.scales.inside(self.task), self.scales.classes[self.task] == 0
        peak = np.where(inside, scores, -np.inf).max(axis=1, keepdims=True)
        shares = np.where(inside, np.exp(np.where(inside, scores - peak, 0.0)), 0.0)
        total = shares.sum(axis=1, keepdims=True)
        label = np.where(values, 0, self.y).astype(np.int64)
        each = np.arange(len(label))
        entropies = (np.log(total) + peak)[:, 0] - scores[each, label]
        residual = np.where(values, scores[:, 0] - self.y, 0.0)
        slopes = shares / total
        slopes[each, label] -= 1.0
        slopes[values] = 0.0
        slopes[values, 0] = residual[values]
        loss = float(entropies[~values].sum() + 0.5 * np.square(residual).sum())
        return loss, slopes

    def per_task(self, slopes: Array) -> Array:
        """Sums over the rows of each task of a row times its slopes (n, c): (tasks, d + 1, c)."""
        found = np.zeros((self.shape[0], self.A.shape[1], slopes.shape[1]))
        present, starts = np.unique(self.task, return_index=True)
        for number, start, end in zip(present, starts, [*starts[1:], len(self.task)], strict=True):
            found[number] = self.A[start:end].T @ slopes[start:end]
        return found

    def predictor(self, W: Array) -> TaskLinear:
        """The model with these weights."""
        return TaskLinear(W, self.center, self.scale, self.scales)


@final
@dataclass(frozen=True, eq=False)
class TaskLinear(Predictor):
    """Scores ``[(x - center) / scale, 1] W[task]``. :param W: (tasks, d + 1, width)."""

    W: Array
    center: Array
    scale: float
    scales: Scales

    def predict(self, data: Dataset) -> Array:
        """Probabilities or values, (n, width)."""
        task = task_numbers(data)
        A = np.column_stack([(np.asarray(data.X, np.float64) - self.center) / self.scale, np.ones(len(data))])
        scores = np.zeros((len(data), self.W.shape[2]))
        for number in np.unique(task):
            mine = task == number
            scores[mine] = A[mine] @ self.W[number]
        return self.scales.predictions(scores, task)

    def state(self) -> State:
        """Plain data."""
        return {"W": self.W, "center": self.center, "scale": self.scale, "scales": self.scales.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        W, center = (np.asarray(state[name], np.float64) for name in ("W", "center"))
        return cls(W, center, float(state["scale"]), Scales.restore(state["scales"]))
