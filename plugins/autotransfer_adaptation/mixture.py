"""Proportions of a mixture of known densities: one algorithm for class shares, domain shares and density ratios."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array

_SETTLED = 1e-7
"""Proportions that all move by less are the last."""


def mixture_proportions(likelihoods: Array, start: Array, steps: int = 500) -> Array:
    """p (k,) on the simplex that maximises sum_j log sum_c p_c likelihoods_jc, by expectation maximisation.

    The objective is concave, each step raises it, and a proportion that starts at 0 stays there. Dempster, Laird and
    Rubin, Maximum Likelihood from Incomplete Data via the EM Algorithm, J. Royal Statistical Society B 1977.

    :param likelihoods: (n, k), not negative; rows of zeros take no part. :param start: (k,), positive, sums to 1.
    """
    likelihoods = likelihoods[likelihoods @ start > 0]
    if len(likelihoods):  # a row's scale is a constant of the objective, and tiny densities have no reciprocal
        likelihoods = likelihoods / likelihoods.max(axis=1, keepdims=True)
    p = start
    for _ in range(steps if len(likelihoods) else 0):
        moved = p * ((1.0 / (likelihoods @ p)) @ likelihoods) / len(likelihoods)
        moved = moved / moved.sum()
        if np.abs(moved - p).max() < _SETTLED:
            return np.asarray(moved)
        p = moved
    return p
