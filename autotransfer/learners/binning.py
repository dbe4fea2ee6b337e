"""Features as bin numbers, the only form in which histogram-based trees look at them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autotransfer.data import Array


@dataclass(frozen=True, eq=False)
class Bins:
    """Thresholds of each column: ascending, +infinity behind the last one.

    scikit-learn would find its own bins, but one weighted percentile at a time, which takes minutes for wide data.

    :param thresholds: (d, count).
    """

    thresholds: Array

    @classmethod
    def fit(cls, X: Array, count: int) -> Bins:
        """Between all neighbouring values of a column when they are few, else at its quantiles.

        :param count: bins of a column at most, >= 2.
        """
        thresholds = np.full((X.shape[1], count), np.inf)
        for column, row in zip(X.T, thresholds, strict=True):
            found = _between(column.astype(np.float64), count)
            row[: len(found)] = found
        return cls(thresholds)

    def numbers(self, X: Array) -> Array:
        """Bin numbers, float64 (n, d): ``number <= b`` exactly when ``x <= thresholds[b]``. NaN stays NaN."""
        columns = zip(self.thresholds, X.T.astype(np.float64), strict=True)
        numbers = np.stack([np.searchsorted(row, column) for row, column in columns], axis=1).astype(np.float64)
        numbers[np.isnan(X)] = np.nan
        return numbers


def _between(column: Array, count: int) -> Array:
    values = np.unique(column[~np.isnan(column)])
    if len(values) > count:
        ordered = np.sort(column[~np.isnan(column)])
        places = np.linspace(0, len(ordered), count + 1)[1:-1].astype(int)
        values = np.unique(np.concatenate([values[:1], ordered[places]]))
        return np.asarray(np.nextafter(values[1:], -np.inf))
    return np.asarray(values[:-1] + np.diff(values) / 2)
