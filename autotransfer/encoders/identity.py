"""Features as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.state import State

_LIMIT = 1e15  # squares and their sums still fit into float32


@final
@dataclass(frozen=True, eq=False)
class FittedIdentity(FittedEncoder):
    """Nothing is learned."""

    def transform(self, data: Dataset) -> Array:
        X = np.nan_to_num(np.asarray(data.X, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        return np.clip(X, -_LIMIT, _LIMIT).astype(np.float32)

    def state(self) -> State:
        return {}


@final
@dataclass(frozen=True)
class IdentityEncoder(Encoder):
    """Features unchanged (standard practice), apart from missing and infinite entries, which become 0."""

    name: ClassVar[str] = "identity"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedIdentity()

    def restore(self, state: State) -> FittedEncoder:
        return FittedIdentity()
