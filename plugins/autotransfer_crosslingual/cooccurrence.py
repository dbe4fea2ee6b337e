"""How often words stand near each other."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from autotransfer.data import Array


def cooccurrences(places: Array, owners: Array, size: int, window: int) -> sparse.csr_matrix:
    """Symmetric (size, size): pairs at distance d up to ``window`` in the same text weigh (window - d + 1) / window,
    which is what the shrinking windows of word2vec come to on average (Levy, Goldberg and Dagan, TACL 2015).

    :param places: (N,) of running words, -1 for unknown ones, which keep their place. :param owners: (N,) their text.
    """
    total = sparse.csr_matrix((size, size))
    for distance in range(1, min(window, len(places) - 1) + 1):
        left, right = places[:-distance], places[distance:]
        near = (left >= 0) & (right >= 0) & (owners[:-distance] == owners[distance:])
        weight = np.full(near.sum(), (window - distance + 1) / window)
        total = total + sparse.csr_matrix((weight, (left[near], right[near])), shape=(size, size))
    return (total + total.T).tocsr()


def positive_pmi(counts: sparse.csr_matrix, smoothing: float = 0.75) -> sparse.csr_matrix:
    """max(0, log P(w, c) / (P(w) P_α(c))), contexts smoothed by α = ``smoothing`` (Levy, Goldberg and Dagan, 2015).

    :param counts: (words, contexts), non-negative.
    """
    cells = counts.tocoo()
    if cells.nnz == 0:
        return counts.tocsr()
    rows = np.bincount(cells.row, cells.data, cells.shape[0])
    columns = np.bincount(cells.col, cells.data, cells.shape[1]) ** smoothing
    share = columns / columns.sum()
    values = np.log(cells.data) - np.log(rows[cells.row]) - np.log(share[cells.col])
    found = sparse.csr_matrix((np.maximum(values, 0.0), (cells.row, cells.col)), shape=cells.shape)
    found.eliminate_zeros()
    return found
