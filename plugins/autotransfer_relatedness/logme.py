"""Evidence that a linear model of the representation gives the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_relatedness.representation import RepresentationScore
from autotransfer_relatedness.ridge import principal_axes

_STEPS = 300
_LIMITS = 1e-12, 1e12
"""Bounds of alpha / beta: where labels are exactly linear, or have nothing linear, it would run to 0 or infinity."""


@final
@dataclass(frozen=True)
class LogMaximumEvidence(RepresentationScore):
    """LogME: You, Liu, Wang and Long, ICML 2021 (arXiv:2102.11005): max over alpha, beta of log p(y | F) / n for
    y ~ N(F w, 1 / beta) and w ~ N(0, 1 / alpha), that is log N(y; 0, F F^T / alpha + I / beta) / n.

    The maximum is found by the fixed point t <- gamma r / ((n - gamma) m) for t = alpha / beta of You et al., Ranking
    and Tuning Pre-trained Models, JMLR 23, 2022 (arXiv:2110.10545), in singular values of F, which makes a step cost
    O(k); gamma = sum s^2 / (s^2 + t), m = |w|^2 and r = |y - F w|^2 at the posterior mean. Classes: y are the columns
    of the one-hot labels, and their evidences are averaged. Values: y is centred and divided by its deviation, so that
    its unit does not count. The authors' code stops after 11 steps, and leaves (d - k) log(alpha) / 2 in where F has
    k < d singular values; here the steps go on until nothing changes, and the formula is followed.
    """

    name: ClassVar[str] = "logme"
    unit: ClassVar[str] = "nats a row"
    cost: ClassVar[str] = "O(n d^2 + d^3)"
    seconds: ClassVar[float] = 0.05
    meaning: ClassVar[str] = "Larger: a linear model of the encoder's features explains the labels better."
    reference: ClassVar[str] = "You et al., ICML 2021, arXiv:2102.11005; JMLR 23, 2022, arXiv:2110.10545"

    def score(self, X: Array, y: Array, ctx: Context) -> float:
        """The mean over classes, or the one of the values."""
        classes = y.dtype.kind == "i"
        Y = np.eye(y.max() + 1)[y] if classes else ((y - y.mean()) / y.std())[:, None]
        return float(np.mean(_log_evidence(X, Y))) / len(X)


def _log_evidence(F: Array, Y: Array) -> Array:
    """Maximum log evidence of each column of Y (n, C); shape (C,)."""
    n = len(F)
    squares, V = principal_axes(F)
    s2 = squares[:, None]
    x2 = (V.T @ (F.T @ Y)) ** 2 / s2
    outside = np.maximum((Y**2).sum(axis=0) - x2.sum(axis=0), 0.0)
    t = np.ones(Y.shape[1])
    for _ in range(_STEPS):
        shrunk = t / (s2 + t)
        missing = n - len(squares) + shrunk.sum(axis=0)
        residual = (x2 * shrunk**2).sum(axis=0) + outside
        weights = (x2 * (1.0 - shrunk) / (s2 + t)).sum(axis=0)
        least = np.finfo(float).tiny
        previous, t = t, np.clip((n - missing) * residual / np.maximum(missing * weights, least), *_LIMITS)
        if np.all(np.abs(t - previous) <= 1e-9 * t):
            break
    # beta is at its best for t where n / beta is this sum.
    total = (x2 * t / (s2 + t)).sum(axis=0) + outside
    fit = n * (np.log(n / np.maximum(total, np.finfo(float).tiny)) - 1.0 - np.log(2.0 * np.pi))
    return np.asarray(0.5 * (fit + np.log(t / (s2 + t)).sum(axis=0)))
