"""How well the classes that a source model sees predict the target's labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, final

import numpy as np

from autotransfer.assets import Asset
from autotransfer.data import Array
from autotransfer.relatedness import RelatednessEstimator
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.rows import choose


@final
@dataclass(frozen=True)
class LogExpectedPrediction(RelatednessEstimator):
    """LEEP: Nguyen, Hassner, Seeger and Archambeau, ICML 2020 (arXiv:2002.12462):
    (1/n) sum_i log sum_z P(y_i | z) theta(x_i)_z.

    theta(x)_z is the source model's probability of its own class z, and P(y | z) = P(y, z) / P(z) with
    P(y, z) = (1/n) sum_{i: y_i = y} theta(x_i)_z: target labels given source classes, not the other way round.

    :param cap: labelled target rows taken, at most.
    """

    cap: int = 1000

    name: ClassVar[str] = "leep"
    needs: ClassVar[Asset] = Asset.TARGET_LABELS | Asset.SOURCE_HEAD
    higher_is_better: ClassVar[bool] = True
    unit: ClassVar[str] = "nats, up to 0"
    cost: ClassVar[str] = "O(n z C) for z source classes, and predicting n rows"
    seconds: ClassVar[float] = 5.0  # of a network that sees a thousand rows
    meaning: ClassVar[str] = "0: what the source model sees in a row gives away its label; very negative: it does not."
    reference: ClassVar[str] = "Nguyen et al., ICML 2020, arXiv:2002.12462"
    regression: ClassVar[bool] = False

    def estimate(self, task: Task, source: Source, ctx: Context) -> float:
        """LEEP; NaN without labelled rows."""
        theta, y = source_predictions(task, source, ctx, self.cap)
        return log_expected_prediction(theta, y) if len(y) else float("nan")


@lru_cache(maxsize=16)
def source_predictions(task: Task, source: Source, ctx: Context, cap: int) -> tuple[Array, Array]:
    """The source model's probabilities (n, z) for at most ``cap`` labelled target rows, and their labels (n,).

    The last answers are kept: several estimators read them, and ask with the very same objects. Raises ``TypeError``
    for a model that predicts no classes.
    """
    if len(task.train) == 0 or source.head is None:
        return np.empty((0, 0)), np.empty(0, np.int64)
    rows = task.train.take(choose(ctx.rng(), len(task.train), cap))
    theta = np.asarray(source.head.predict(rows), dtype=np.float64)
    if theta.ndim != 2:
        raise TypeError(f"{source.name} predicts values, no classes")
    return theta, rows.labels


def log_expected_prediction(theta: Array, y: Array) -> float:
    """LEEP of probabilities (n, z), n >= 1, and labels (n,)."""
    joint = np.eye(y.max() + 1)[y].T @ theta
    seen = joint.sum(axis=0)
    conditional = np.divide(joint, seen, out=np.zeros_like(joint), where=seen > 0)
    return float(np.mean(np.log(np.einsum("iz,iz->i", conditional[y], theta))))
