"""A pretrained network as data: its spec, its arrays and, where it has one, its classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self, final

import numpy as np

from autotransfer.config import from_json, to_json
from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError
from autotransfer.pretrained.specs import KINDS, Spec
from autotransfer.state import State

if TYPE_CHECKING:
    from torch import Tensor, nn

    from autotransfer.pretrained.modules.backbone import Backbone

BATCH = 256
"""Rows that are passed at once."""
_HEAD = ("head.weight", "head.bias")
_STATISTICS = ("running_mean", "running_var", "num_batches_tracked")


@final
@dataclass(frozen=True, eq=False)
class PretrainedNetwork:
    """A spec of the zoo with trained weights.

    :param arrays: weights and statistics by their names in the module; ``head.weight`` (k, width) and ``head.bias``
        (k,) are the classifier that it was trained with. Half precision is stored, single precision is computed.
    """

    spec: Spec
    arrays: Mapping[str, Array]

    def build(self) -> Backbone:
        """A new module with these weights, in evaluation mode. Raises ``InputError`` when they do not fit the spec.

        It is laid out without memory of its own: a damaged file allocates nothing that its arrays do not hold.
        """
        import torch

        with torch.device("meta"):
            module = self.spec.build()
        tensors = {name: torch.from_numpy(_single(array)) for name, array in self.arrays.items() if name not in _HEAD}
        try:
            module.load_state_dict(tensors, assign=True)
        except (RuntimeError, ValueError, TypeError) as error:
            reason = " ".join(str(error).split())[:200]
            raise InputError(
                f"the weights do not fit a {self.spec.kind} of that form ({reason}); get them again"
            ) from error
        return module.eval()

    def head(self) -> tuple[Array, Array] | None:
        """Weight (k, width) and bias (k,) of its classifier, float32."""
        if not all(name in self.arrays for name in _HEAD):
            return None
        weight, bias = (np.asarray(self.arrays[name], np.float32) for name in _HEAD)
        return weight, bias

    def features(self, data: Dataset) -> Array:
        """Float32 of shape (n, width)."""
        return features(self._module, self.spec.rows, data, self.spec.width)

    @cached_property
    def _module(self) -> Backbone:
        return self.build()

    @property
    def parameters(self) -> int:
        """Numbers that were trained, the classifier's left out."""
        own = {name: array for name, array in self.arrays.items() if name not in _HEAD}
        return sum(array.size for name, array in own.items() if name.rpartition(".")[2] not in _STATISTICS)

    def state(self) -> State:
        """Plain data."""
        return {"spec": {"kind": self.spec.kind, **to_json(self.spec)}, "arrays": dict(self.arrays)}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`. Raises ``InputError`` for an unknown kind of network or an absurd size."""
        about = dict(state["spec"])
        kind = about.pop("kind", None)
        if kind not in KINDS:
            raise InputError(f"a network of kind {kind!r} is not known here: it must be one of {', '.join(KINDS)}")
        spec = from_json(KINDS[kind], about)
        return cls(spec, {str(name): np.asarray(array) for name, array in state["arrays"].items()})


def features(module: nn.Module, prepare: Callable[[Dataset], Array], data: Dataset, width: int) -> Array:
    """What a network in evaluation mode says of rows, some at a time: float32 of shape (n, width)."""
    import torch

    found = np.empty((len(data), width), np.float32)
    with torch.inference_mode():
        for start in range(0, len(data), BATCH):
            chosen = np.arange(start, min(start + BATCH, len(data)))
            batch: Tensor = torch.from_numpy(prepare(data.take(chosen)))
            found[chosen] = module(batch).numpy()
    return found


def _single(array: Array) -> Array:
    """Half precision as single; a copy in any case, so that training a module leaves the arrays as they were."""
    return np.array(array, np.float32 if array.dtype.kind == "f" else array.dtype)
