"""Ridge regression on what base rates leave over, with each feature's product with the base rate.

The products let a feature say for which arms the base rate holds: a source that is poor elsewhere may be the best one
for the target whose classes it shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.scale import Scale, fit_scale

PENALTIES = (3.0, 30.0, 300.0, 3000.0)


@final
@dataclass(frozen=True, eq=False)
class Linear:
    """``columns @ weights + level`` for each penalty."""

    scale: Scale
    middle: Array
    widths: Array
    weights: Array
    level: float

    def predict(self, features: Array, rates: Array) -> Array:
        """(n, penalties)."""
        columns = (_columns(self.scale, features, rates) - self.middle) / self.widths
        return np.asarray(columns @ self.weights + self.level)


def fit_linear(features: Array, rates: Array, rest: Array) -> Linear:
    """On ``rest`` (n,): outcome minus finest base rate. ``rates`` (n, levels) leave each row's own target out."""
    scale = fit_scale(features)
    columns = _columns(scale, features, rates)
    middle, widths = columns.mean(axis=0), columns.std(axis=0)
    widths = np.where(widths > 1e-9, widths, 1.0)
    columns = (columns - middle) / widths
    level = float(rest.mean())
    gram, moment = columns.T @ columns, columns.T @ (rest - level)
    solved = [np.linalg.solve(gram + penalty * np.eye(len(gram)), moment) for penalty in PENALTIES]
    return Linear(scale, middle, widths, np.column_stack(solved), level)


def _columns(scale: Scale, features: Array, rates: Array) -> Array:
    known = scale.with_gaps(features)
    return np.hstack([rates, known, known * rates[:, -1:]])
