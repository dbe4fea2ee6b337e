"""Toy pretrained models: an encoder that passes features on, and a head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Self, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.predictor import Predictor
from autotransfer.state import State


@final
@dataclass(frozen=True)
class ToyEncoder(Encoder):
    """Features as they are, as if a network had made them."""

    name: ClassVar[str] = "toy"
    modality: ClassVar[Modality] = Modality.FEATURES
    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False

    def fit(self, data: Dataset) -> FittedEncoder:
        """Nothing to learn."""
        return FittedToyEncoder()

    def restore(self, state: State) -> FittedEncoder:
        """Nothing was kept."""
        return FittedToyEncoder()


@final
@dataclass(frozen=True)
class FittedToyEncoder(FittedEncoder):
    """The identity."""

    def transform(self, data: Dataset) -> Array:
        """``data.X`` as float32."""
        return data.X.astype(np.float32)

    def state(self) -> State:
        """Empty."""
        return {}


@final
@dataclass(frozen=True, eq=False)
class NearestMeans(Predictor):
    """Softmax of negative squared distances to class means of shape (n_classes, d)."""

    means: Array

    @classmethod
    def of(cls, data: Dataset, n_classes: int) -> Self:
        """Class means of labelled ``FEATURES`` rows in which every class occurs."""
        return cls(np.stack([data.X[data.labels == label].mean(0) for label in range(n_classes)]))

    def predict(self, data: Dataset) -> Array:
        """Probabilities (n, n_classes)."""
        logits = -np.square(data.X[:, None, :] - self.means).sum(2)
        weights = np.exp(logits - logits.max(1, keepdims=True, initial=-np.inf))
        return np.asarray(weights / weights.sum(1, keepdims=True))

    def state(self) -> State:
        """The means."""
        return {"means": self.means}

    @classmethod
    def restore(cls, state: State) -> Self:
        """From the means."""
        return cls(np.asarray(state["means"], dtype=float))
