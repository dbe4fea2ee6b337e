"""Components of large spread in which two domains differ little: the generalised eigenproblem that TCA, JDA and
DJP-MMD share, in a form whose size is the number of features and not of rows."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def whitening(F: Array) -> Array:
    """W (r, rank) with W^T (F^T H F) W = I for features F (n, r); H centres."""
    centered = F - F.mean(axis=0)
    spread, V = np.linalg.eigh(centered.T @ centered)
    kept = spread > 1e-11 * max(float(spread[-1]), 1e-300)
    return np.asarray(V[:, kept] / np.sqrt(spread[kept]))


def smallest_components(W: Array, discrepancy: Array, penalty: float, dims: int) -> Array:
    """Directions A (r, k) of smallest a^T (D + penalty I) a / a^T (F^T H F) a, each of length 1.

    Length 1 is what the eigensolvers of the authors' codes give: leading components keep a larger spread.

    :param W: the whitening of F. :param discrepancy: D (r, r), symmetric. :param dims: k, fewer for a smaller rank.
    """
    if W.shape[1] == 0:
        return np.eye(len(W), 1)
    import scipy.linalg

    k = min(dims, W.shape[1])
    projected = W.T @ (discrepancy @ W) + penalty * (W.T @ W)
    _, found = scipy.linalg.eigh(projected, subset_by_index=(0, k - 1), overwrite_a=True, check_finite=False)
    A = W @ found
    return np.asarray(A / np.linalg.norm(A, axis=0))
