"""Counts of texts seen before in this process: the folds of a cross-validation are subsets of the same texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

_MOST = 32_000_000  # entries kept, 8 bytes each


class CountMemo:
    """A count function that counts each text once.

    Not kept on disk: counting costs less than a second for ten thousand reviews, and forked workers inherit the memo.
    Texts and matrix are replaced together by one assignment, so that threads need no lock (and a fork finds none held).

    :param count: texts to a sparse matrix, a row a text.
    """

    def __init__(self, count: Callable[[Sequence[str]], sparse.csr_matrix]) -> None:
        self._count = count
        self._known: tuple[dict[str, int], sparse.csr_matrix | None] = ({}, None)

    def __call__(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Counts of shape (n, buckets); the caller must not change them."""
        rows, matrix = self._known
        fresh = [text for text in dict.fromkeys(texts) if text not in rows]
        if fresh or matrix is None:
            counted = self._count(fresh)
            rows = rows | {text: len(rows) + index for index, text in enumerate(fresh)}
            matrix = counted if matrix is None else sparse.vstack([matrix, counted], format="csr")
            self._known = (rows, matrix) if matrix.nnz <= _MOST else ({}, None)
        return matrix[np.fromiter((rows[text] for text in texts), np.int64, len(texts))]
