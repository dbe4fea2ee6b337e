"""Stochastic descent on a bilinear compatibility, shared by the methods that rank a row's class above the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context
from autotransfer_zeroshot.described import Described

_BATCH = 16
_TINY = 1e-8

Weights = Callable[[Array], Array]
"""Violations (n, n_seen), margin + score - score of the own class, 0 for that class itself -> the derivative of a row's
loss by each of them, (n, n_seen), at least 0."""


@dataclass(frozen=True)
class Descent:
    """:param margin: by which the own class should lead. :param adaptive: Adagrad (Duchi et al., JMLR 12, 2011) instead
    of plain steps."""

    epochs: int
    rate: float
    margin: float
    adaptive: bool = False


def descend(rows: Described, weights: Weights, how: Descent, ctx: Context) -> Array:
    """V (d, a) of the compatibility x V s, from zeros: the losses are convex in it. Batches of 16 rows, in an order
    that ``ctx.seed`` gives."""
    S, rng = rows.S[rows.seen], ctx.rng()
    y = np.searchsorted(rows.classes, rows.y)
    V = np.zeros((rows.X.shape[1], S.shape[1]))
    squares = np.zeros_like(V)
    for _ in range(how.epochs):
        ctx.check_time()
        order = rng.permutation(len(y))
        for batch in np.array_split(order, max(1, len(y) // _BATCH)):
            gradient = subgradient(V, rows.X[batch], y[batch], S, weights, how.margin)
            if how.adaptive:
                squares += np.square(gradient)
                gradient /= np.sqrt(squares) + _TINY
            V -= how.rate * gradient
    return V


def subgradient(V: Array, X: Array, y: Array, S: Array, weights: Weights, margin: float) -> Array:
    """Of the rows' mean loss by V (d, a).

    :param X: (n, d). :param y: (n,) positions in S. :param S: (n_seen, a).
    """
    each = np.arange(len(y))
    G = weights(violations(V, X, y, S, margin))
    G[each, y] = -G.sum(axis=1)
    return np.asarray(X.T @ (G @ S)) / len(y)


def violations(V: Array, X: Array, y: Array, S: Array, margin: float) -> Array:
    """(n, n_seen): ``margin`` + x V s - x V s_y; 0 for the own class."""
    each = np.arange(len(y))
    scores = X @ V @ S.T
    found = margin + scores - scores[each, y][:, None]
    found[each, y] = 0.0
    return np.asarray(found)
