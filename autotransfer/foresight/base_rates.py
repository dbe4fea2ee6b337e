"""Hierarchical base rates: means of past outcomes by key, each level shrunk towards the level above.

Every target counts once, however many rows it has. With K targets that have the key, their mean counts K times and the
level above ``PRIOR`` times: the posterior mean of a normal hierarchy with equal variances within and between keys
(Efron and Morris, Journal of the American Statistical Association 70, 1975).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array

PRIOR = 1.0
"""Targets that the level above counts as."""


@final
@dataclass(frozen=True, eq=False)
class BaseRates:
    """Base rates fitted on the outcomes of some arms.

    :param levels: for each level key -> (sum over targets of the target's mean, number of targets).
    """

    everything: tuple[float, int]
    levels: tuple[dict[str, tuple[float, int]], ...]

    def of(self, keys: Array) -> Array:
        """(n, levels) rates, coarse to fine, of keys (n, levels). A key that was never seen has the rate above it."""
        above = np.full(len(keys), self.everything[0] / max(self.everything[1], 1))
        columns = []
        for level, table in enumerate(self.levels):
            found = np.array([table.get(key, (0.0, 0)) for key in keys[:, level].tolist()]).reshape(-1, 2)
            above = (found[:, 0] + PRIOR * above) / (found[:, 1] + PRIOR)
            columns.append(above)
        return np.column_stack(columns)

    def seen(self, keys: Array) -> Array:
        """(n,) number of targets that had the finest key."""
        table = self.levels[-1]
        return np.array([table.get(key, (0.0, 0))[1] for key in keys[:, -1].tolist()], dtype=np.int64)


def fit_rates(keys: Array, targets: Array, outcome: Array) -> tuple[BaseRates, Array]:
    """Rates of new arms; and (n, levels) rates of these arms, each without the rows of its own target.

    :param keys: (n, levels) strings. :param targets: (n,) strings. :param outcome: (n,) finite values.
    """
    _, own = np.unique(targets, return_inverse=True)
    total, count, mine = _sums(np.zeros(len(own), dtype=np.int64), own, outcome)
    everything = (float(total[0]), int(count[0])) if len(own) else (0.0, 0)
    above = (total[0] - mine) / max(count[0] - 1, 1) if len(own) else np.zeros(0)
    levels, columns = [], []
    for level in range(keys.shape[1]):
        names, code = np.unique(keys[:, level].astype(str), return_inverse=True)
        total, count, mine = _sums(code, own, outcome)
        levels.append({str(n): (float(s), int(c)) for n, s, c in zip(names, total, count, strict=True)})
        above = (total[code] - mine + PRIOR * above) / (count[code] - 1 + PRIOR)
        columns.append(above)
    return BaseRates(everything, tuple(levels)), np.column_stack(columns)


def _sums(code: Array, own: Array, outcome: Array) -> tuple[Array, Array, Array]:
    """By key the sum of the targets' means and their number; by row the mean of its own target at its key."""
    width = int(own.max(initial=-1)) + 1
    cells, cell = np.unique(code * max(width, 1) + own, return_inverse=True)
    means = np.bincount(cell, outcome) / np.bincount(cell)
    of = cells // max(width, 1)
    return np.bincount(of, means), np.bincount(of), means[cell]
