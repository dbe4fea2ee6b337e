"""Cross-validation folds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from autotransfer.data import Array

_FOLDS = 5


def folds(y: Array, n_classes: int, seed: int) -> Iterator[tuple[Array, Array]]:
    """Positions (train, rest) of up to five folds, each class spread evenly over them. None for fewer than two rows.

    Unlike scikit-learn's, they allow classes of a single row.
    """
    count = min(_FOLDS, len(y))
    if count < 2:
        return
    shuffled = np.random.default_rng(seed).permutation(len(y))
    order = shuffled[np.argsort(y[shuffled], kind="stable")] if n_classes else shuffled
    fold = np.empty(len(y), np.int64)
    fold[order] = np.arange(len(y)) % count
    for index in range(count):
        yield np.flatnonzero(fold != index), np.flatnonzero(fold == index)
