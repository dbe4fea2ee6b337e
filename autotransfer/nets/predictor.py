"""A trained network as arrays and plain data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from autotransfer.config import from_json, to_json
from autotransfer.data import Array, Dataset
from autotransfer.nets.forms import Form, restore_form
from autotransfer.nets.specs import NetworkSpec
from autotransfer.predictor import Predictor
from autotransfer.state import State

if TYPE_CHECKING:
    from torch import nn

    from autotransfer.nets.network import Network


@final
@dataclass(frozen=True, eq=False)
class NetworkPredictor(Predictor):
    """Predicts on the CPU, whatever the network was trained on.

    :param arrays: the network's weights and statistics, by their names in it.
    :param level: added to values, after they were multiplied by ``spread``; both unused for classes.
    :param regression: one value a row instead of class probabilities.
    :param source_arrays: arrays that source rows take in place of those of the same names; empty: none.
    """

    form: Form
    spec: NetworkSpec
    arrays: dict[str, Array]
    regression: bool = False
    level: float = 0.0
    spread: float = 1.0
    source_arrays: dict[str, Array] = field(default_factory=dict)

    def predict(self, data: Dataset) -> Array:
        """Class probabilities (n, n_classes) or values (n,), float64."""
        scores = self.scores(data)
        if self.regression:
            return np.asarray(scores[:, 0] * self.spread + self.level)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def scores(self, data: Dataset) -> Array:
        """What the heads say, the mean of them: float64 (n, outputs)."""
        return self._look(data)[1]

    def represent(self, data: Dataset) -> Array:
        """The representation, float64 (n, width)."""
        return self._look(data)[0]

    def for_source(self) -> NetworkPredictor:
        """The model that rows of the source take."""
        return replace(self, arrays={**self.arrays, **self.source_arrays}) if self.source_arrays else self

    def _look(self, data: Dataset) -> tuple[Array, Array]:
        """Representation and scores."""
        if not len(data):
            return np.zeros((0, self.spec.backbone.width)), np.zeros((0, self.spec.outputs))
        import torch

        from autotransfer.nets.evaluation import outputs

        found = outputs(self._network, torch.from_numpy(self.form.rows(data)))
        z, scores = (np.asarray(tensor.numpy(), np.float64) for tensor in found)
        return z, scores

    def state(self) -> State:
        """Plain data."""
        return {
            "form": self.form.state(),
            "spec": _plain(to_json(self.spec)),
            "arrays": dict(self.arrays),
            "values": {"regression": self.regression, "level": self.level, "spread": self.spread},
            "source_arrays": dict(self.source_arrays),
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        values = state["values"]
        arrays, source_arrays = (
            {str(name): np.asarray(array) for name, array in state[part].items()}
            for part in ("arrays", "source_arrays")
        )
        return cls(
            restore_form(state["form"]),
            from_json(NetworkSpec, state["spec"]),
            arrays,
            bool(values["regression"]),
            float(values["level"]),
            float(values["spread"]),
            source_arrays,
        )

    @cached_property
    def _network(self) -> Network:
        return self.build()

    def build(self) -> Network:
        """The network, in evaluation mode. It is built without memory of its own: the sizes in a saved model allocate
        nothing that its arrays do not hold."""
        import torch

        with torch.device("meta"):
            network = self.spec.build()
        tensors = {name: torch.from_numpy(np.array(array)) for name, array in self.arrays.items()}
        network.load_state_dict(tensors, assign=True)
        return network.eval()


def arrays_of(network: nn.Module) -> dict[str, Array]:
    """Weights and statistics as numpy arrays, copies of their own."""
    return {name: np.array(tensor.detach().cpu().numpy()) for name, tensor in network.state_dict().items()}


def _plain(value: Any) -> Any:
    """Tuples as lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
