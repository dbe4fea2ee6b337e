"""Which sources few-shot methods learn from."""

from __future__ import annotations

import numpy as np

from autotransfer.assets import Asset
from autotransfer.task import Source

FEWEST_CLASSES = 4
"""Classes of a source below which its episodes are always the same."""

TIME_SHARE = 1 / 3
"""Of the seconds that are left, for one learning: a trial may need several, one after the other."""


def why_refused(source: Source) -> str | None:
    """Why a source is of no use for episodes, in words; None when it is."""
    if Asset.SHARED_LABELS in source.offers:
        return "its classes are the target's: few-shot methods learn from others"
    if source.data is None or source.data.y is None:
        return None
    classes = int(np.count_nonzero(np.unique(source.data.labels, return_counts=True)[1] > 1))
    if classes < FEWEST_CLASSES:
        return f"{classes} of its classes have two rows, {FEWEST_CLASSES} at least are needed for episodes"
    return None
