"""Constructed shifts: a source made of the target's own data set, and sources that are ruined in part."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.data import Array
from benchmarks.tasks.poison import flip_labels, shuffle_columns, shuffle_labels
from benchmarks.tasks.rows import Rows, distinct

_WRONG = 0.35
_OVERLAP = 0.25

RUINS = ("shuffled", "flipped", "unrelated", "noisy")


def near_and_far(rows: Rows) -> tuple[Rows, Rows]:
    """Target and source: the lower and the upper half along the direction of largest variance, a quarter of each at
    random changed over, so that the two overlap."""
    rows, rng = distinct(rows), np.random.default_rng(0)
    upper = _direction(rows) > np.median(_direction(rows))
    upper ^= rng.random(len(rows)) < _OVERLAP
    return rows.take(np.flatnonzero(~upper)), rows.take(np.flatnonzero(upper))


def ruined(rows: Rows, how: str, rng: np.random.Generator) -> Rows:
    """A source ruined in one of the ways of :data:`RUINS`; ``noisy``: the labels of 35 % of its rows changed over."""
    if how == "noisy":
        chosen = np.flatnonzero(rng.random(len(rows)) < _WRONG)
        y = rows.y.copy()
        y[chosen] = rng.permutation(y[chosen])
        return rows.with_labels(y)
    if how == "flipped":
        return flip_labels(rows)
    return shuffle_labels(rows, rng) if how == "shuffled" else shuffle_columns(rows, rng)


def _direction(rows: Rows) -> Array:
    """First principal component of standardised numbers, (n,); of texts their length."""
    if isinstance(rows.inputs, pd.DataFrame):
        if "text" in rows.inputs:
            return rows.inputs["text"].str.len().to_numpy(float)
        X = rows.inputs.select_dtypes("number").to_numpy(float)
    else:
        X = rows.inputs.reshape(len(rows), -1).astype(np.float64)
    X = (X - X.mean(0)) / (X.std(0) + 1e-9)
    return np.asarray(X @ np.linalg.svd(X, full_matrices=False)[2][0])
