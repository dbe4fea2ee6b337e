"""Similarity that does not favour vectors in crowded places."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array

NEIGHBOURS = 10
"""As in the paper."""


def csls(similarities: Array, neighbours: int = NEIGHBOURS) -> Array:
    """Conneau, Lample, Ranzato, Denoyer and Jégou, "Word translation without parallel data", ICLR 2018
    (arXiv:1710.04087): 2 cos(x, y) - r(x) - r(y), r being the mean cosine with the nearest on the other side.

    :param similarities: (n, m) cosines of all x with all y: both sides whole, since r is taken over them.
    """
    n, m = similarities.shape
    if not n or not m:
        return np.asarray(similarities, np.float64)
    there, here = min(neighbours, m), min(neighbours, n)
    rows = np.partition(similarities, m - there, axis=1)[:, m - there :].mean(axis=1)
    columns = np.partition(similarities, n - here, axis=0)[n - here :].mean(axis=0)
    return np.asarray(2 * similarities - rows[:, None] - columns)
