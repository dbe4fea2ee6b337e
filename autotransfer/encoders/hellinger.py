"""Histograms compared by the Hellinger kernel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.scaling import Scale, bounded, features_of
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class FittedHellinger(FittedEncoder):
    """Mean and deviation of the square roots."""

    scale: Scale

    def transform(self, data: Dataset) -> Array:
        return self.scale.apply(_roots(features_of(data, len(self.scale.mean))))

    def state(self) -> State:
        return self.scale.state()


@final
@dataclass(frozen=True)
class HellingerEncoder(Encoder):
    """Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012
    (https://doi.org/10.1109/CVPR.2012.6248018), the RootSIFT map: rows are divided by their sum and the square root
    is taken, so that a dot product is the Hellinger kernel of two histograms; z-scores then.
    """

    name: ClassVar[str] = "hellinger"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "Arandjelović & Zisserman, CVPR 2012"

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedHellinger(Scale.of(_roots(data.X)))

    def restore(self, state: State) -> FittedEncoder:
        return FittedHellinger(Scale.restore(state))

    def refuses(self, data: Dataset) -> str | None:
        if (reason := super().refuses(data)) is not None:
            return reason
        if not np.all(data.X >= 0):
            return f"the encoder {self.name} takes histograms: {data.name} has negative or missing entries"
        return None


def _roots(X: Array) -> Array:
    X = np.maximum(np.nan_to_num(bounded(X), nan=0.0), 0.0)  # rows met later may be less clean than those checked
    sums = X.sum(axis=1, keepdims=True)
    return np.asarray(np.sqrt(X / np.where(sums > 0, sums, 1.0)))
