"""Features as z-scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.scaling import Scale, features_of
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class FittedStandard(FittedEncoder):
    """Mean and deviation of the fit rows."""

    scale: Scale

    def transform(self, data: Dataset) -> Array:
        return self.scale.apply(features_of(data, len(self.scale.mean)))

    def state(self) -> State:
        return self.scale.state()


@final
@dataclass(frozen=True)
class StandardEncoder(Encoder):
    """Standardisation (standard practice): each feature minus its mean, over its standard deviation."""

    name: ClassVar[str] = "standard"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "standard practice"

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedStandard(Scale.of(data.X))

    def restore(self, state: State) -> FittedEncoder:
        return FittedStandard(Scale.restore(state))
