"""Z-scores that stay finite: shared by the encoders that standardise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError
from autotransfer.state import State

_HUGE = 1e100  # raw values beyond are cut, so that their squares still fit into float64
_FAR = 1e6  # z-scores beyond are cut, so that their squares still mean something in float32


@dataclass(frozen=True, eq=False)
class Scale:
    """Mean and standard deviation of each column, both of shape (d,)."""

    mean: Array
    scale: Array

    @classmethod
    def of(cls, X: Array) -> Self:
        """Statistics of the finite entries of X (n, d); columns without spread are only centred."""
        X = bounded(X)
        known = np.isfinite(X)
        counts = np.maximum(known.sum(axis=0), 1)
        mean = np.where(known, X, 0.0).sum(axis=0) / counts
        variance = (np.where(known, X - mean, 0.0) ** 2).sum(axis=0) / counts
        deviation = np.sqrt(variance)
        # a column that is constant up to rounding must not have its rounding errors blown up
        rounding = len(X) * np.finfo(np.float64).eps * np.abs(mean)
        return cls(mean, np.where(deviation <= rounding, 1.0, np.maximum(deviation, np.finfo(np.float64).tiny)))

    def apply(self, X: Array) -> Array:
        """Float32 z-scores (n, d); missing entries become 0, which is the mean."""
        z = (bounded(X) - self.mean) / self.scale
        return np.clip(np.nan_to_num(z, nan=0.0), -_FAR, _FAR).astype(np.float32)

    def state(self) -> State:
        """Both statistics."""
        return {"mean": self.mean, "scale": self.scale}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(np.asarray(state["mean"], np.float64), np.asarray(state["scale"], np.float64))


def bounded(X: Array) -> Array:
    """A float64 copy whose infinities are missing and whose other entries can be squared."""
    X = np.array(X, dtype=np.float64)
    X[np.isinf(X)] = np.nan
    return np.clip(X, -_HUGE, _HUGE)


def features_of(data: Dataset, width: int) -> Array:
    """``data.X`` of the width that was fitted on. Raises ``InputError`` for another width."""
    if data.X.ndim != 2 or data.X.shape[1] != width:
        raise InputError(f"{data.name}: rows of shape {data.X.shape[1:]}, but the model was fitted on {width} features")
    return data.X
