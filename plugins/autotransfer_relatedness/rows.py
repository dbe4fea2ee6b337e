"""The rows that an estimator looks at: a seeded sample of each domain, on one scale, at most a few hundred wide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array
from autotransfer.task import Context, Source, Task
from autotransfer_relatedness.ridge import principal_axes

_FIT_ROWS = 1000
"""Rows of each domain that principal directions are computed from, about."""
_EXACT = 1000
"""Rows or columns up to which an exact decomposition takes a fraction of a second."""


@dataclass(frozen=True, eq=False)
class LabeledPair:
    """Labelled rows of both domains, on one scale.

    :param source: (m, d), ``source_y`` (m,). :param target: (n, d), ``target_y`` (n,).
    """

    source: Array
    source_y: Array
    target: Array
    target_y: Array


def unlabeled_pair(task: Task, source: Source, ctx: Context, cap: int, dims: int) -> tuple[Array, Array]:
    """Source rows (m, d) and target rows (n, d), with and without labels, at most ``cap`` each.

    :param dims: wider rows are projected on that many leading principal directions of the pooled rows.
    """
    rng = ctx.rng()
    parts = [task.train.X] if task.unlabeled is None else [task.train.X, task.unlabeled.X]
    S = source.rows.X
    T = np.concatenate([part for part in parts if len(part)] or [S[:0]])
    return _on_one_scale(S[choose(rng, len(S), cap)], T[choose(rng, len(T), cap)], dims, ctx.seed)


def labeled_pair(task: Task, source: Source, ctx: Context, cap: int, dims: int) -> LabeledPair:
    """Labelled rows of both domains, at most ``cap`` each; ``dims`` as in :func:`unlabeled_pair`."""
    rng = ctx.rng()
    theirs = source.rows.take(choose(rng, len(source.rows), cap))
    ours = task.train.take(choose(rng, len(task.train), cap))
    S, T = _on_one_scale(theirs.X, ours.X, dims, ctx.seed)
    return LabeledPair(S, theirs.labels, T, ours.labels)


def choose(rng: np.random.Generator, n: int, cap: int) -> Array:
    """Positions of at most ``cap`` of ``n`` rows, ascending, each as likely as the others."""
    return np.arange(n) if n <= cap else np.sort(rng.choice(n, cap, replace=False))


def encode_labels(y: Array, n_classes: int) -> Array:
    """Regression targets of a linear model: one-hot (n, n_classes), or the values as (n, 1) when it is 0."""
    return np.eye(n_classes)[y] if n_classes else np.asarray(y, dtype=np.float64)[:, None]


def _on_one_scale(S: Array, T: Array, dims: int, seed: int) -> tuple[Array, Array]:
    """Columns centred and scaled by moments in which both domains count the same, however many rows they have."""
    S, T = np.asarray(S, dtype=np.float64), np.asarray(T, dtype=np.float64)
    present = [part for part in (S, T) if len(part)]
    if not present or S.shape[1] == 0:
        return S, T
    center = np.mean([part.mean(axis=0) for part in present], axis=0)
    spread = np.sqrt(np.mean([np.mean((part - center) ** 2, axis=0) for part in present], axis=0))
    # A constant column has a spread of rounding errors only: dividing by it would invent a feature.
    spread[spread <= 1e-12 * np.abs(center)] = np.inf
    spread[spread == 0] = np.inf
    S, T = (S - center) / spread, (T - center) / spread
    if S.shape[1] > dims:
        # Rows may be sorted by class, so the ones to fit on are spread out.
        spread_out = [part[:: 1 + len(part) // _FIT_ROWS] for part in (S, T)]
        directions = principal_directions(np.concatenate(spread_out), dims, seed)
        S, T = S @ directions, T @ directions
    return S, T


def principal_directions(X: Array, dims: int, seed: int) -> Array:
    """Orthonormal (d, 1 to dims), the largest variance first.

    Of large matrices by a randomised decomposition (Halko, Martinsson and Tropp, SIAM Review 2011).
    """
    centered = X - X.mean(axis=0)
    if min(centered.shape) <= _EXACT:
        found = principal_axes(centered)[1][:, ::-1][:, :dims]
        return found if found.shape[1] else np.eye(X.shape[1], 1)
    from sklearn.utils.extmath import randomized_svd

    rank = min(dims, *centered.shape)
    rows = randomized_svd(centered.astype(np.float32), n_components=rank, n_iter=2, random_state=seed)[2]
    return np.asarray(rows.T, dtype=np.float64)
