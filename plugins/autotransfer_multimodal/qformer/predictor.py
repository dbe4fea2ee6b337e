"""A trained Q-Former and the classes that it compares with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from autotransfer.config import from_json, to_json
from autotransfer.data import Array, Dataset
from autotransfer.footprint import Size
from autotransfer.learners.links import softmax
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.trainable import Trainable
from autotransfer.tuning.known import described, known
from autotransfer.tuning.prepared import prepared
from autotransfer_multimodal.qformer.spec import QFormerSpec

if TYPE_CHECKING:
    from torch import nn

    from autotransfer_multimodal.qformer.network import QFormerNetwork


@final
@dataclass(frozen=True, eq=False)
class QFormerPredictor(Predictor):
    """Predicts on the CPU. The image encoder is opened again when it is needed, by its own settings.

    :param arrays: of the Q-Former's image side. :param classes: embedded texts (n_classes, columns).
    :param change: what labelled rows added to them, (n_classes, columns). :param factor: of cosines.
    """

    encoder: Trainable
    spec: QFormerSpec
    arrays: dict[str, Array]
    classes: Array
    change: Array
    factor: float

    def predict(self, data: Dataset) -> Array:
        found = self.queries(data)
        cosines = np.einsum("nqd,kd->nkq", found, self.classes).max(axis=2)
        return softmax(self.factor * (cosines + found.mean(axis=1) @ self.change.T))

    def represent(self, data: Dataset) -> Array:
        """The mean over the queries, (n, columns)."""
        return np.asarray(self.queries(data).mean(axis=1))

    def queries(self, data: Dataset) -> Array:
        """What each query found: float64 (n, queries, columns)."""
        if not len(data):
            return np.zeros((0, self.spec.queries, self.spec.columns))
        from autotransfer_multimodal.networks import embedded
        from autotransfer_multimodal.qformer.grids import grids

        seen = grids(self._encoder, prepared(self.encoder, data.without_labels()))
        return embedded(self._network.images, seen)

    def learned(self) -> Size:
        """The encoder's numbers and the Q-Former's."""
        own = Size(*(sum(parts) for parts in zip(*((a.size, a.nbytes) for a in self._kept()), strict=True)))
        there = [*self._encoder.parameters(), *self._encoder.buffers()]
        return own + Size(
            sum(p.numel() for p in self._encoder.parameters()), sum(p.numel() * p.element_size() for p in there)
        )

    def trained(self) -> Size:
        """The Q-Former's."""
        return Size(sum(array.size for array in self._kept()), sum(array.nbytes for array in self._kept()))

    def state(self) -> State:
        return {
            "encoder": described(self.encoder, "name"),
            "spec": to_json(self.spec),
            "arrays": dict(self.arrays),
            "classes": self.classes,
            "change": self.change,
            "factor": self.factor,
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        encoder: Any = known(Trainable, "name", state["encoder"])  # type: ignore[type-abstract]
        arrays = {str(name): np.asarray(array) for name, array in state["arrays"].items()}
        classes, change = (np.asarray(state[name], np.float64) for name in ("classes", "change"))
        return cls(
            encoder, from_json(QFormerSpec, dict(state["spec"])), arrays, classes, change, float(state["factor"])
        )

    def _kept(self) -> list[Array]:
        return [*self.arrays.values(), self.classes, self.change]

    @cached_property
    def _encoder(self) -> nn.Module:
        return self.encoder.build().eval()

    @cached_property
    def _network(self) -> QFormerNetwork:
        """Built without memory of its own: the sizes in a saved model allocate nothing that its arrays do not hold."""
        import torch

        with torch.device("meta"):
            network = self.spec.build()
        tensors = {name: torch.from_numpy(np.array(array)) for name, array in self.arrays.items()}
        network.load_state_dict(tensors, assign=True)
        return network.eval()
