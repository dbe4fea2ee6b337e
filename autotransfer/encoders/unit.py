"""Features as directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.scaling import bounded
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class FittedUnit(FittedEncoder):
    """Nothing is learned."""

    def transform(self, data: Dataset) -> Array:
        X = np.nan_to_num(bounded(data.X), nan=0.0)
        # the largest entry is divided out first: squares of tiny or huge entries would leave the range of floats
        largest = np.abs(X).max(axis=1, keepdims=True, initial=0.0)
        X /= np.where(largest > 0, largest, 1.0)
        norms = np.linalg.norm(X, axis=1, keepdims=True)
        return (X / np.where(norms > 0, norms, 1.0)).astype(np.float32)

    def state(self) -> State:
        return {}


@final
@dataclass(frozen=True)
class UnitEncoder(Encoder):
    """Rows scaled to Euclidean length 1 (standard practice); missing entries count as 0, a zero row stays zero."""

    name: ClassVar[str] = "unit"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedUnit()

    def restore(self, state: State) -> FittedEncoder:
        return FittedUnit()
