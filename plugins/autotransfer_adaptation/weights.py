"""Importance weights: clipped, of mean 1, with their effective sample size."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array


def clip_and_normalize(ratios: Array, clip: float) -> Array:
    """Weights of mean 1 from non-negative density ratios, none above ``clip`` times their mean before clipping.

    All 1 when every ratio is 0.
    """
    mean = ratios.mean()
    if not mean > 0:
        return np.ones(len(ratios))
    clipped = np.minimum(ratios / mean, clip)
    return np.asarray(clipped / clipped.mean())


def effective_sample_size(weights: Array) -> float:
    """(sum w)^2 / sum w^2, from 1 to n: Kish, Survey Sampling, Wiley 1965."""
    return float(weights.sum() ** 2 / np.sum(weights**2))
