"""Folds of whole targets: what is known of a target is never on both sides."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array

_FOLDS, _FEW = 5, 10


def target_folds(targets: Array) -> tuple[Array, ...]:
    """Masks (n,) of held-out rows. Up to ten targets are held out one by one, more of them in five folds.

    Targets go to folds by size, the largest first, each to the fold that has the fewest rows: no seed is needed.
    """
    names, own, counts = np.unique(targets, return_inverse=True, return_counts=True)
    if len(names) <= _FEW:
        return tuple(own == target for target in range(len(names)))
    fold = np.zeros(len(names), dtype=np.int64)
    sizes = np.zeros(_FOLDS, dtype=np.int64)
    for target in np.argsort(-counts, kind="stable").tolist():
        fold[target] = int(sizes.argmin())
        sizes[fold[target]] += counts[target]
    return tuple(fold[own] == number for number in range(_FOLDS))
