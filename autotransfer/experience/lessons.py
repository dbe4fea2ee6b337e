"""What past arms teach about the arms of one task: forecasts, and how each one's outcome bears on the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array
from autotransfer.errors import InputError
from autotransfer.experience.row import Row
from autotransfer.experience.table import to_arms, to_experience
from autotransfer.foresight.arms import Outlook
from autotransfer.foresight.forecaster import Foresight, fit
from autotransfer.foresight.kinship import Kinship, fit_kinship
from autotransfer.foresight.pursuit import Pursuit


@final
@dataclass(frozen=True, eq=False)
class Learned:
    """Of the arms of one task. :param strangers: (n,) whether nothing is known of their methods."""

    outlooks: tuple[Outlook, ...]
    pursuit: Pursuit
    strangers: Array


@final
@dataclass(frozen=True, eq=False)
class Lessons:
    """Made by :func:`learn`. :param names: estimators that it has learned to read."""

    foresight: Foresight
    kinship: Kinship
    names: tuple[str, ...]

    def apply(self, new: Sequence[Row]) -> Learned:
        """To the arms of one task, which come in the portfolio's order."""
        arms = to_arms(new, self.names)
        methods, sources = _column(row.method for row in new), _column(row.source for row in new)
        strangers = ~np.isin(methods.astype(str), self.kinship.methods)
        mean = placed(self.kinship.expected(self.foresight.tell(arms)), strangers)
        covariance = self.kinship.between(methods, sources)
        pursuit = Pursuit(mean, covariance, self.kinship.spread, self.kinship.level)
        return Learned(self.foresight.forecast(arms), pursuit, strangers)


def learn(rows: Sequence[Row], names: tuple[str, ...]) -> Lessons | None:
    """From past arms; None with too few targets. :param names: estimators to read, those that new arms have."""
    try:
        foresight = fit(to_experience(rows, names))
    except InputError:
        return None
    done = [row for row in rows if row.gain is not None]
    tasks, methods = _column(row.task for row in done), _column(row.method for row in done)
    gain = np.array([row.gain for row in done], dtype=np.float64)
    sources = _column(row.source for row in done)
    return Lessons(foresight, fit_kinship(tasks, methods, sources, gain, foresight.told), names)


def placed(expected: Array, strangers: Array) -> Array:
    """(n,) expected standings of arms in the portfolio's order, those of methods without experience on the falling line
    through the others: then their place is all that is known of them."""
    if strangers.all() or not strangers.any():
        return np.where(strangers, 0.0, expected)
    place = np.linspace(0.5, -0.5, len(expected))
    known = place[~strangers] - place[~strangers].mean()
    square = float(known @ known)
    slope = max(0.0, float(known @ expected[~strangers]) / square) if square > 0 else 0.0
    line = expected[~strangers].mean() + slope * (place - place[~strangers].mean())
    return np.where(strangers, line, expected)


def _column(values: Iterable[str]) -> Array:
    return np.array(list(values), dtype=object)
