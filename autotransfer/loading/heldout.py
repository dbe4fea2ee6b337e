"""The test rows."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError

AUTOMATIC_FROM = 200
AUTOMATIC_SHARE = 0.2


def test_share(wanted: float | None, n: int) -> float:
    """Share of ``n`` labelled rows to keep for the test: as wanted, else a fifth from 200 rows on, else none."""
    if wanted is not None:
        return wanted
    return AUTOMATIC_SHARE if n >= AUTOMATIC_FROM else 0.0


def split_off(data: Dataset, share: float, seed: int, *, values: bool) -> tuple[Dataset, Dataset | None]:
    """Labelled rows without the test rows, and the test rows (None for a share of 0, or without rows).

    Classes keep their shares as far as whole rows allow; a class keeps at least one training row. Row order is kept.
    """
    if share == 0 or len(data) == 0:
        return data, None
    rng = np.random.default_rng(seed)
    y = np.zeros(len(data), dtype=np.int64) if values else data.labels
    test = np.concatenate([_pick(np.flatnonzero(y == label), share, rng) for label in np.unique(y)])
    if len(test) == 0:
        raise InputError(f"{data.name}: --test-size {share} of {len(data)} labelled rows is none; make it larger")
    mask = np.isin(np.arange(len(data)), test)
    return data.take(~mask), data.take(mask)


def _pick(rows: Array, share: float, rng: np.random.Generator) -> Array:
    count = min(int(np.floor(share * len(rows) + 0.5)), len(rows) - 1)
    return rng.permutation(rows)[:count]
