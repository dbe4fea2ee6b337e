"""Leading singular vectors of a sparse matrix, the same in every process."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from autotransfer.data import Array

_SMALL = 400
"""Up to so many rows or columns all singular vectors cost no more than some."""


def leading_factors(matrix: sparse.csr_matrix, most: int) -> tuple[Array, Array, Array]:
    """U (n, k), s (k,), Vᵀ (k, d) with k at most ``most``, at least 1; zeros where the matrix has none."""
    size = min(matrix.shape)
    if size == 0 or matrix.nnz == 0:
        return np.zeros((matrix.shape[0], 1)), np.zeros(1), np.zeros((1, matrix.shape[1]))
    from threadpoolctl import threadpool_limits

    k = min(most, size)
    with threadpool_limits(1):  # the same bits whatever the number of threads
        if size <= _SMALL:
            U, s, Vt = np.linalg.svd(matrix.toarray(), full_matrices=False)
            return U[:, :k], s[:k], Vt[:k]
        from sklearn.utils.extmath import randomized_svd

        U, s, Vt = randomized_svd(matrix, k, n_iter=2, random_state=0)
    return np.asarray(U), np.asarray(s), np.asarray(Vt)
