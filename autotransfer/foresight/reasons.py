"""One line an arm: what its expected gain is made of."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.arms import Arms
from autotransfer.foresight.regression import Regression

_NAMED, _SMALLEST = 2, 0.05


def reasons(arms: Arms, regression: Regression, centre: Array, rates: Array) -> tuple[str, ...]:
    """The base rate, then the features without which the expectation would move most, with their share in points.

    A feature's share is the expectation less what it would be at the feature's median among past arms (occlusion:
    Zeiler and Fergus, ECCV 2014). Shares of features that act together do not add up.
    """
    whole = regression.predict(arms.features, arms.keys)
    shares = np.zeros((len(arms), len(arms.names)))
    for column in range(len(arms.names)):
        hidden = arms.features.copy()
        hidden[:, column] = centre[column]
        shares[:, column] = whole - regression.predict(hidden, arms.keys)
    return tuple(_line(arms, row, shares[row], float(rates[row])) for row in range(len(arms)))


def _line(arms: Arms, row: int, shares: Array, rate: float) -> str:
    parts = [f"arms like it gained {rate:+.1f} points elsewhere"]
    for column in np.argsort(-np.abs(shares), kind="stable")[:_NAMED].tolist():
        if abs(shares[column]) >= _SMALLEST:
            value = arms.features[row, column]
            said = "unknown" if np.isnan(value) else f"{value:.3g}"
            parts.append(
                f"{arms.names[column]} {said} {'adds' if shares[column] > 0 else 'takes'} {abs(shares[column]):.1f}"
            )
    return "; ".join(parts)
