"""Seeded folds for the probes."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def assign_folds(rng: np.random.Generator, y: Array, n_folds: int, *, stratify: bool) -> Array:
    """A fold (0 .. n_folds - 1) for each row; fold sizes differ by 1 at most, with ``stratify`` within each class too.

    Classes follow each other in the deal, so that rare classes do not all start in the first fold.
    """
    order = rng.permutation(len(y))
    if stratify:
        order = order[np.argsort(y[order], kind="stable")]
    folds = np.empty(len(y), dtype=np.int64)
    folds[order] = np.arange(len(y)) % n_folds
    return folds
