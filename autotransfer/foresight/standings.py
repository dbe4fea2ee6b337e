"""How arms of one task stand to each other, on a scale that tasks share."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from autotransfer.data import Array


def standings(tasks: Array, gain: Array) -> Array:
    """(n,) means of standard score and normal score within each task; 0 where all its arms are alike.

    The standard score alone belongs to one arm that went very wrong, which presses all others together. The normal
    score (Salinas, Shen and Perrone, "A quantile-based approach for hyperparameter transfer learning", ICML 2020) alone
    makes much of differences that are noise.
    """
    from scipy.stats import rankdata

    found = np.zeros(len(gain))
    for task in np.unique(tasks):
        mine = tasks == task
        values = gain[mine]
        deviation = values.std()
        if deviation > 1e-12:
            normal = ndtri((rankdata(values) - 0.5) / len(values))
            found[mine] = ((values - values.mean()) / deviation + normal) / 2
    return found
