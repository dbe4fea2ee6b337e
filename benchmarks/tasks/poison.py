"""Three ways to ruin sources, so that an honest tool has to refuse them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from autotransfer.data import Array
from benchmarks.tasks.rows import Rows

Poison: TypeAlias = Literal["shuffled", "flipped", "unrelated"]
Sources: TypeAlias = dict[str, Rows]


def shuffle_labels(rows: Rows, rng: np.random.Generator) -> Rows:
    """Labels permuted over the rows: equal label counts, no relation to the inputs."""
    return rows.with_labels(rng.permutation(rows.y))


def flip_labels(rows: Rows) -> Rows:
    """Systematically wrong labels.

    Values are mirrored at their mean; classes are moved on by one, cyclically in sorted order, so that two classes
    change places.
    """
    if rows.y.dtype.kind == "f":
        return rows.with_labels(2 * rows.y.mean() - rows.y)
    classes, index = np.unique(rows.y, return_inverse=True)
    return rows.with_labels(classes[(index + 1) % len(classes)])


def shuffle_columns(rows: Rows, rng: np.random.Generator) -> Rows:
    """Each column (pixel) permuted over the rows by itself: equal margins, no relation between any two columns."""
    if isinstance(rows.inputs, pd.DataFrame):
        columns = {name: rng.permutation(column.to_numpy()) for name, column in rows.inputs.items()}
        return Rows(pd.DataFrame(columns), rows.y, rows.label)
    return Rows(rng.permuted(rows.inputs, axis=0), rows.y, rows.label)


def _shuffled(sources: Mapping[str, Rows], unrelated: Rows | None, seed: int) -> Sources:
    rng = np.random.default_rng(seed)
    return {name: shuffle_labels(rows, rng) for name, rows in sources.items()}


def _flipped(sources: Mapping[str, Rows], unrelated: Rows | None, seed: int) -> Sources:
    return {name: flip_labels(rows) for name, rows in sources.items()}


def _unrelated(sources: Mapping[str, Rows], unrelated: Rows | None, seed: int) -> Sources:
    if unrelated is not None:
        return {"unrelated": unrelated}
    rng = np.random.default_rng(seed)
    return {name: shuffle_columns(rows, rng) for name, rows in sources.items()}


POISONS: dict[Poison, Callable[[Mapping[str, Rows], Rows | None, int], Sources]] = {
    "shuffled": _shuffled,
    "flipped": _flipped,
    "unrelated": _unrelated,
}


def relabel_at_random(y: Array, classes: Array, seed: int) -> Array:
    """The labels of another problem under this problem's names: each old class gets a class drawn without replacement.

    Old classes beyond the number of new ones wrap around.
    """
    order = np.random.default_rng(seed).permutation(np.asarray(classes))
    _, index = np.unique(y, return_inverse=True)
    return np.asarray(order[index % len(order)])
