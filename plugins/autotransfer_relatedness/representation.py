"""Scores of a representation: how well the target's labels can be read off rows as an encoder shows them."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.ridge import principal_axes
from autotransfer_relatedness.rows import choose, principal_directions


@dataclass(frozen=True)
class RepresentationScore(RelatednessEstimator):
    """What judges the target's labelled rows in the encoder that the source brings, and nothing else of the source.

    A source of rows alone brings no encoder: its rows do not enter, so the value would say nothing about it, and
    there is none (``PRETRAINED`` is needed). The engine judges the run's own encoders by the same scores, beside the
    sources, as what a source's encoder has to beat.

    :param cap: labelled rows taken, at most. :param dims: width above which rows are projected (principal directions).
    """

    cap: int = 2000
    dims: int = 512

    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.PRETRAINED
    higher_is_better: ClassVar[bool] = True

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """The score; NaN with fewer than two rows or labels that are all the same."""
        rows = task.train.take(choose(ctx.rng(), len(task.train), self.cap))
        known, y = np.unique(rows.y if rows.y is not None else [], return_inverse=True)
        if len(known) < 2:
            return float("nan")
        return self.score(_narrow(rows.X, self.dims, ctx), rows.labels if task.is_regression else y, ctx)

    @abstractmethod
    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """The value for these rows.

        :param X: (n, d), n >= 2, divided by one number: the root mean square of all entries is 1 (or all are 0).
        :param y: (n,) integers 0 .. C - 1, each of them there, C >= 2; or values, not all the same.
        """


def leading_components(X: Array, most: int) -> Array:
    """Principal components of the rows, (n, at most ``most``), the largest variance first.

    Each direction's largest entry is positive, as in scikit-learn: otherwise signs would be those of the library.
    """
    centered = X - X.mean(axis=0)
    directions = principal_axes(centered)[1][:, ::-1][:, :most]
    largest = np.abs(directions).argmax(axis=0)
    return np.asarray(centered @ directions * np.sign(directions[largest, np.arange(directions.shape[1])]))


def _narrow(X: Array, dims: int, ctx: Context) -> Array:
    X = np.asarray(X, dtype=np.float64)
    largest = np.abs(X).max(initial=0.0)
    if largest > 0:
        X = X / largest
        X = X / np.sqrt(np.mean(X**2))
    return X if X.shape[1] <= dims else np.asarray(X @ principal_directions(X, dims, ctx.seed))
