"""How far outcomes lie from what was expected of them, by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.foresight.base_rates import BaseRates, fit_rates

_LEAST = 0.1
"""Of the overall error: no kind of arm is taken for more certain than that."""


@final
@dataclass(frozen=True, eq=False)
class Spread:
    """Base rates of squared errors. :param least: the smallest error that is believed."""

    squares: BaseRates
    least: float

    def of(self, keys: Array) -> Array:
        """(n,) root mean squared errors of arms with these keys."""
        return np.asarray(np.sqrt(np.maximum(self.squares.of(keys)[:, -1], self.least**2)))


def fit_spread(keys: Array, targets: Array, errors: Array) -> tuple[Spread, Array]:
    """From (n,) errors on held-out targets; and (n,) values for these arms, each without its own target."""
    squares, own = fit_rates(keys, targets, np.square(errors))
    least = max(_LEAST * float(np.sqrt(np.square(errors).mean())), 1e-9)
    return Spread(squares, least), np.sqrt(np.maximum(own[:, -1], least**2))
