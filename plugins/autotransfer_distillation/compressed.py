"""A compressed network as arrays and plain data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self, final

from autotransfer.data import Array, Dataset
from autotransfer.footprint import Size, size_of
from autotransfer.nets import NetworkPredictor
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer_distillation.packing import packed, parameters_in, unpacked


@final
@dataclass(frozen=True, eq=False)
class CompressedPredictor(Predictor):
    """Predicts with float32 weights, unpacked when it first predicts; what is stored is small.

    :param frame: the network without arrays. :param weights: its arrays by name, packed.
    """

    frame: NetworkPredictor
    weights: dict[str, State]

    @classmethod
    def of(cls, network: NetworkPredictor, *, int8: bool) -> Self:
        """A trained network, its zeros left out, its weights in eight bits if wanted."""
        weights = {name: packed(array, int8=int8) for name, array in network.arrays.items()}
        return cls(replace(network, arrays={}), weights)

    def predict(self, data: Dataset) -> Array:
        """Class probabilities (n, n_classes)."""
        return self.network.predict(data)

    def represent(self, data: Dataset) -> Array:
        """The representation (n, width)."""
        return self.network.represent(data)

    @cached_property
    def network(self) -> NetworkPredictor:
        """With its arrays."""
        return replace(self.frame, arrays={name: unpacked(state) for name, state in self.weights.items()})

    def learned(self) -> Size:
        """Kept numbers alone; bytes as stored, with masks and scales."""
        frame = self.frame.learned()
        kept = sum(parameters_in(state) for state in self.weights.values())
        return Size(frame.parameters + kept, frame.bytes + size_of(self.weights).bytes)

    def state(self) -> State:
        return {"frame": self.frame.state(), "weights": dict(self.weights)}

    @classmethod
    def restore(cls, state: State) -> Self:
        weights = {str(name): dict(part) for name, part in state["weights"].items()}
        return cls(NetworkPredictor.restore(state["frame"]), weights)
