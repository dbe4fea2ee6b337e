"""Towers whose image side is a network of plain arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.nets import Form, NetworkPredictor, NetworkSpec
from autotransfer.nets.specs import UnitSpec
from autotransfer_multimodal.towers import Towers


@final
@dataclass(frozen=True, eq=False)
class DenseTowers(Towers):
    """:param form: of the images or their features. :param spec: of the network behind it; ``arrays``: its weights, by
    their names in the backbone. :param embed: texts -> (n, width), rows of length 1."""

    form: Form
    spec: UnitSpec
    arrays: dict[str, Array]
    embed: Callable[[Sequence[str]], Array]
    factor: float

    def texts(self, texts: Sequence[str]) -> Array:
        return self.embed(texts)

    def images(self, data: Dataset) -> Array:
        return self.predictor(np.zeros((1, self.spec.width)), np.zeros((1, self.spec.width))).represent(data)

    def predictor(self, classes: Array, change: Array) -> NetworkPredictor:
        """A linear head on representations of length 1."""
        head = np.asarray(self.factor * (classes + change), np.float32)
        weights = {f"backbone.{name}": array for name, array in self.arrays.items()}
        weights |= {"heads.0.weight": head, "heads.0.bias": np.zeros(len(head), np.float32)}
        return NetworkPredictor(self.form, NetworkSpec(self.spec, len(head)), weights)
