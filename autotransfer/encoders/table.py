"""Tables as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.columns import column_of, date_parts, kinds, numbers
from autotransfer.encoders.one_hot import OneHot
from autotransfer.encoders.quantiles import Quantiles
from autotransfer.encoders.scaling import Scale, bounded
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class FittedTable(FittedEncoder):
    """Statistics of the training columns.

    :param numeric: numeric columns. ``dates``: date columns, four numbers each.
    :param medians: (d,), what replaces a missing number. ``gaps``: (d,), whether training rows missed some.
    :param quantiles: maps numbers onto a normal distribution before scaling, or None.
    :param scale: of the d numbers and of an indicator for each gap.
    """

    numeric: tuple[str, ...]
    dates: tuple[str, ...]
    medians: Array
    gaps: Array
    quantiles: Quantiles | None
    scale: Scale
    categorical: tuple[OneHot, ...]

    def transform(self, data: Dataset) -> Array:
        raw = raw_numbers(data, self.numeric, self.dates)
        blocks = [self.scale.apply(filled(raw, self.medians, self.gaps, self.quantiles))]
        blocks += [one_hot.encode(column_of(data, one_hot.name)) for one_hot in self.categorical]
        return np.concatenate(blocks, axis=1)

    def state(self) -> State:
        return {
            "numeric": list(self.numeric),
            "dates": list(self.dates),
            "medians": self.medians,
            "gaps": self.gaps,
            "quantiles": None if self.quantiles is None else self.quantiles.values,
            "scale": self.scale.state(),
            "categorical": [one_hot.state() for one_hot in self.categorical],
        }


@final
@dataclass(frozen=True)
class TableEncoder(Encoder):
    """Standard practice for mixed columns: missing numbers become the median and an indicator, numbers are z-scored,
    categories become indicators, dates become numbers. Equal to scikit-learn's ``SimpleImputer``, ``StandardScaler``
    and ``OneHotEncoder``, with plain statistics as state.

    :param max_categories: indicators of one column, at least 2; the rarest levels, and new ones, share the last.
    """

    name: ClassVar[str] = "table"
    modality: ClassVar[Modality] = Modality.TABLE
    reference: ClassVar[str] = "standard practice"

    max_categories: int = 30

    def fit(self, data: Dataset) -> FittedEncoder:
        return fit_table(data, self.max_categories, by_rank=False)

    def restore(self, state: State) -> FittedEncoder:
        return restore_table(state)


def fit_table(data: Dataset, max_categories: int, *, by_rank: bool) -> FittedTable:
    """Statistics of all columns; numbers are mapped to normal scores first when ``by_rank``."""
    found = kinds(data)
    numeric = tuple(name for name, kind in found.items() if kind == "number")
    dates = tuple(name for name, kind in found.items() if kind == "date")
    raw = raw_numbers(data, numeric, dates)
    missing = np.isnan(raw)
    known = (column[~np.isnan(column)] for column in raw.T)
    # a column without any value has no median: 0 stands for it
    medians = np.array([np.median(values) if len(values) else 0.0 for values in known])
    gaps = np.asarray(missing.any(axis=0))
    quantiles = Quantiles.of(np.where(missing, medians, raw)) if by_rank else None
    scale = Scale.of(filled(raw, medians, gaps, quantiles))
    words = (name for name, kind in found.items() if kind == "category")
    hot = tuple(OneHot.of(name, column_of(data, name), max_categories) for name in words)
    return FittedTable(numeric, dates, medians, gaps, quantiles, scale, hot)


def restore_table(state: State) -> FittedTable:
    """The inverse of ``FittedTable.state``."""
    return FittedTable(
        tuple(state["numeric"]),
        tuple(state["dates"]),
        np.asarray(state["medians"], np.float64),
        np.asarray(state["gaps"], bool),
        None if state["quantiles"] is None else Quantiles(np.asarray(state["quantiles"], np.float64)),
        Scale.restore(state["scale"]),
        tuple(OneHot.restore(one_hot) for one_hot in state["categorical"]),
    )


def raw_numbers(data: Dataset, numeric: tuple[str, ...], dates: tuple[str, ...]) -> Array:
    """Float64 of shape (n, numeric + 4 dates), missing entries NaN."""
    columns = [numbers(column_of(data, name))[:, None] for name in numeric]
    columns += [date_parts(column_of(data, name)) for name in dates]
    return bounded(np.concatenate([np.empty((len(data), 0)), *columns], axis=1))


def filled(raw: Array, medians: Array, gaps: Array, quantiles: Quantiles | None) -> Array:
    """Numbers without gaps, then an indicator for each column that had gaps in training."""
    missing = np.isnan(raw)
    complete = np.where(missing, medians, raw)
    if quantiles is not None:
        complete = quantiles.normal_scores(complete)
    return np.concatenate([complete, missing[:, gaps]], axis=1)
