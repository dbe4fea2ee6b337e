"""Features on one scale, learned from past arms alone; what is unknown lies in the middle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array

_WIDEST = 4.0
"""Standard deviations to which a feature is clipped: a new target may lie anywhere."""


@final
@dataclass(frozen=True, eq=False)
class Scale:
    """Median and spread of each feature. ``gaps`` marks features that some past arm did not have."""

    centre: Array
    spread: Array
    gaps: Array

    def standard(self, features: Array) -> Array:
        """(n, d), clipped; 0 where unknown."""
        scaled = np.clip((features - self.centre) / self.spread, -_WIDEST, _WIDEST)
        return np.asarray(np.nan_to_num(scaled, nan=0.0))

    def with_gaps(self, features: Array) -> Array:
        """(n, d + gaps): standardised, then whether each feature that has gaps is known."""
        return np.hstack([self.standard(features), np.isnan(features[:, self.gaps]).astype(np.float64)])


def fit_scale(features: Array) -> Scale:
    """Of (n, d) past arms. A feature that nobody has, or that is the same for all, has the spread 1."""
    known = ~np.isnan(features)
    some, everywhere = np.asarray(known.any(axis=0)), np.asarray(known.all(axis=0))
    centre, spread = np.zeros(features.shape[1]), np.ones(features.shape[1])
    if some.any():
        centre[some] = np.nanmedian(features[:, some], axis=0)
        spread[some] = np.nanstd(features[:, some], axis=0)
    return Scale(centre, np.where(spread > 1e-9, spread, 1.0), some & ~everywhere)
