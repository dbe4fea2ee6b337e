"""Differences of means between source and target, of all rows and of each class: the MMD of linear features."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array

UNKNOWN = -1
"""The label of a target row that has none yet."""


def mean_coefficients(m: int, n: int) -> Array:
    """e (m + n,): 1 / m for source rows, -1 / n for target rows, so that F^T e is the difference of the means."""
    return np.concatenate([np.full(m, 1.0 / m), np.full(n, -1.0 / n)])


def class_coefficients(source_y: Array, target_y: Array, n_classes: int) -> Array:
    """The same for each class that both domains have, as columns (m + n, c); ``UNKNOWN`` target rows take no part."""
    there, here = (shares(y, n_classes) for y in (source_y, target_y))
    both = there.any(axis=0) & here.any(axis=0)
    return np.concatenate([there[:, both], -here[:, both]])


def shares(y: Array, n_classes: int) -> Array:
    """(n, n_classes): 1 / n_c where a row has the class c, else 0."""
    hot = (np.asarray(y)[:, None] == np.arange(n_classes)).astype(np.float64)
    return np.asarray(hot / np.maximum(hot.sum(axis=0), 1.0))


def normalized(L: Array) -> Array:
    """L over the root of the Frobenius norm of L L^T, so that L L^T gets norm 1."""
    norm = float(np.linalg.norm(L.T @ L))
    return L / np.sqrt(norm) if norm > 0 else L


def scatter_of(F: Array, L: Array) -> Array:
    """F^T L L^T F (r, r) of features F (n, r)."""
    means = F.T @ L
    return np.asarray(means @ means.T)
