"""Whether labels are classes or values."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.loading.labels import labeled
from autotransfer.metrics import METRICS

MANY_INTEGERS = 20
MANY_FRACTIONS = 10


def holds_values(name: str, labels: Array, metric: str | None = None) -> bool:
    """True for regression, False for classification.

    The metric decides when one is named. Otherwise words are classes; fractions are values when more than 10 (or more
    than half of the rows) differ; whole numbers when more than 20 and more than a twentieth of the rows differ, or when
    most rows differ and the numbers are no plain count from 0 or 1 on.
    """
    numeric = labels.dtype != object
    if metric in METRICS:
        if METRICS[metric].regression and not numeric:
            raise InputError(f"{name}: --metric {metric} is for numbers, the labels are words; choose another metric")
        return METRICS[metric].regression
    if not numeric:
        return False
    present = labels[labeled(labels, len(labels))]
    distinct = np.unique(present)
    if (distinct != np.floor(distinct)).any():
        return len(distinct) > min(MANY_FRACTIONS, len(present) / 2)
    counted = len(distinct) > 0 and distinct[0] in (0, 1) and distinct[-1] - distinct[0] == len(distinct) - 1
    many = len(distinct) > max(MANY_INTEGERS, len(present) / 20)
    return bool(many or (len(distinct) > max(2, len(present) / 2) and not counted))
