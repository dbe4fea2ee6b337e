"""The classifier that a pretrained network came with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.errors import InputError
from autotransfer.features import FeatureCache, default_folder
from autotransfer.predictor import Predictor
from autotransfer.state import State


@final
@dataclass(frozen=True, eq=False)
class LinearHead(Predictor):
    """Probabilities of the source's classes from raw rows: softmax of a linear map of the encoder's features.

    :param weight: (k, width). :param bias: (k,).
    :param remembered: the encoder, where its features are to be looked up in the feature cache and kept there.
    """

    encoder: FittedEncoder
    weight: Array
    bias: Array
    remembered: Encoder | None = None

    def predict(self, data: Dataset) -> Array:
        """Float64 of shape (n, k)."""
        scores = np.asarray(self._features(data) @ self.weight.T + self.bias, np.float64)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _features(self, data: Dataset) -> Array:
        if self.remembered is None:
            return self.encoder.transform(data)
        return FeatureCache(default_folder()).encode(self.remembered, data, data)

    def state(self) -> State:
        """The linear map, the encoder's state and whose it is."""
        kind = type(self.encoder).__name__
        return {"weight": self.weight, "bias": self.bias, "kind": kind, "encoder": self.encoder.state()}

    @classmethod
    def restore(cls, state: State) -> Self:
        from autotransfer.pretrained.timm_encoder import FittedTimm
        from autotransfer.pretrained.zoo_encoder import FittedZoo

        kinds: dict[str, type[FittedTimm] | type[FittedZoo]] = {kind.__name__: kind for kind in (FittedTimm, FittedZoo)}
        if state["kind"] not in kinds:
            raise InputError(f"a saved head of {state['kind']!r} is not known: it must be of {', '.join(kinds)}")
        weight, bias = (np.asarray(state[name], np.float32) for name in ("weight", "bias"))
        return cls(kinds[state["kind"]].restored(state["encoder"]), weight, bias)
