"""How often the right partner is among the first k."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def ranks(similarities: Array) -> Array:
    """Of each row's own column (row i belongs to column i) among all columns, from 1 on: int64 (n,). Columns as similar
    as the own one stand in front of it, so that a model that says the same of everything ranks last.

    :param similarities: (n, n).
    """
    own = np.diag(similarities)[:, None]
    return np.asarray((similarities >= own).sum(axis=1), np.int64)


def recall_at(similarities: Array, k: int) -> float:
    """Share of the rows whose own column is among the k most similar. Rows are what is searched with: give the
    transposed matrix for the other direction."""
    return float(np.mean(ranks(similarities) <= k))
