"""Fewer rows of a large source, for trials: beside a few target rows the last thousands cost time and tell little."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.task import Source

MOST_ROWS = 4000
"""Rows of one source that a trial is trained on. The shipped model is trained on all of them."""


def thinned(source: Source, most: int = MOST_ROWS) -> Source:
    """The source itself, or one with ``most`` of its rows in which each domain and each class keeps its share."""
    if source.data is None or len(source.data) <= most:
        return source
    return replace(source, data=source.data.take(spread(source.data, most)))


def spread(data: Dataset, most: int) -> Array:
    """``most`` positions, ascending: evenly spaced in the order of domain, label and chance, the same at every call."""
    n = len(data)
    chance = np.random.default_rng(0).permutation(n)
    keys = [chance, *(part for part in (data.y, data.domain) if part is not None)]
    order = np.lexsort(keys)
    return np.sort(order[np.arange(most) * n // most])


def notes(sources: Iterable[Source]) -> tuple[str, ...]:
    """A line for each source that trials see a part of."""
    return tuple(
        f"{source.name}: trials use {MOST_ROWS} of its {len(source.rows)} rows; the shipped model is trained on all"
        for source in sources
        if source.data is not None and len(source.data) > MOST_ROWS
    )
