"""Labelled rows of a benchmark task, cut by seed and written as the files that a user would have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from autotransfer.data import Array, row_hashes


@dataclass(frozen=True, eq=False)
class Rows:
    """Inputs with labels.

    :param inputs: a table of n rows, or an array whose first axis has length n.
    :param y: labels (str or int) or values (float), shape (n,).
    :param label: name of the label column when the rows are written as a table.
    """

    inputs: pd.DataFrame | Array
    y: Array
    label: str = "label"

    def __len__(self) -> int:
        return len(self.y)

    def take(self, rows: Array) -> Rows:
        """The given rows (positions), in that order."""
        inputs = self.inputs.iloc[rows] if isinstance(self.inputs, pd.DataFrame) else self.inputs[rows]
        return Rows(inputs, self.y[rows], self.label)

    def with_labels(self, y: Array) -> Rows:
        """The same inputs under other labels."""
        return Rows(self.inputs, y, self.label)

    def write(self, folder: Path, name: str) -> str:
        """Write ``name.csv`` (tables, the label last) or ``name.npz`` (arrays ``X`` and ``y``); returns the path."""
        if isinstance(self.inputs, pd.DataFrame):
            path = folder / f"{name}.csv"
            self.inputs.assign(**{self.label: self.y}).to_csv(path, index=False)
        else:
            path = folder / f"{name}.npz"
            np.savez(path, X=self.inputs, y=self.y)
        return str(path)


def distinct(rows: Rows, other: Rows | None = None) -> Rows:
    """Rows whose inputs stand neither earlier among them nor in ``other``: a copy in the test set would be dropped by
    the run, which would leave fewer labelled rows than the task says."""
    keys = row_hashes(rows.inputs)
    first = np.zeros(len(rows), dtype=bool)
    first[np.unique(keys, return_index=True)[1]] = True
    if other is not None:
        first &= ~np.isin(keys, row_hashes(other.inputs))
    return rows.take(np.flatnonzero(first))


def split_labelled(rows: Rows, n: int, seed: int, *, regression: bool = False) -> tuple[Rows, Rows]:
    """``n`` rows to learn from, stratified by label unless it is a value, and the others to test on; no copies."""
    from sklearn.model_selection import train_test_split

    rows = distinct(rows)
    train, test = train_test_split(
        np.arange(len(rows)), train_size=n, stratify=None if regression else rows.y, random_state=seed
    )
    return rows.take(train), rows.take(test)


def split_per_class(rows: Rows, n: int, seed: int) -> tuple[Rows, Rows]:
    """``n`` rows of each class to learn from, and all others to test on; copies left out."""
    rows, rng = distinct(rows), np.random.default_rng(seed)
    train = np.concatenate([rng.permutation(np.flatnonzero(rows.y == label))[:n] for label in np.unique(rows.y)])
    test = np.setdiff1d(np.arange(len(rows)), train)
    return rows.take(rng.permutation(train)), rows.take(test)
