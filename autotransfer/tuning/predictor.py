"""A tuned network as what differs from the pretrained one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError
from autotransfer.footprint import Size
from autotransfer.predictor import Predictor
from autotransfer.state import State
from autotransfer.trainable import Trainable
from autotransfer.tuning.change import Change
from autotransfer.tuning.known import described, known
from autotransfer.tuning.prepared import prepared
from autotransfer.tuning.rows import asked
from autotransfer.tuning.tuning import Tuning, changed

if TYPE_CHECKING:
    from autotransfer.tuning.network import TunedNetwork

_BACKBONE = "backbone."


@final
@dataclass(frozen=True, eq=False)
class TunedPredictor(Predictor):
    """Predicts on the CPU, whatever the network was trained on. The pretrained network is opened again when it is
    needed, by the encoder's own settings: an encoder whose weights have changed since refuses to build.

    :param encoder: of the pretrained network. :param change: what was put into it.
    :param arrays: what was trained or has changed, by its names in the tuned network; the head's among them.
    :param trained_parameters: numbers that were trained.
    :param level: added to values, after they were multiplied by ``spread``; both unused for classes.
    """

    encoder: Trainable
    change: Change | None
    arrays: dict[str, Array]
    trained_parameters: int
    regression: bool = False
    level: float = 0.0
    spread: float = 1.0

    @property
    def trained_bytes(self) -> int:
        """Of what is kept."""
        return sum(array.nbytes for array in self.arrays.values())

    def predict(self, data: Dataset) -> Array:
        """Class probabilities (n, n_classes) or values (n,), float64."""
        scores = self.look(data)[1]
        if self.regression:
            return np.asarray(scores[:, 0] * self.spread + self.level)
        weights = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def represent(self, data: Dataset) -> Array:
        """The representation, float64 (n, width)."""
        return self.look(data)[0]

    def look(self, data: Dataset) -> tuple[Array, Array]:
        """Representation and scores."""
        outputs, width = self.arrays["head.weight"].shape
        if not len(data):
            return np.zeros((0, width)), np.zeros((0, outputs))
        return asked(self.network, prepared(self.encoder, data.without_labels()))

    def learned(self) -> Size:
        """Of the whole network, its pretrained part included: in whatever form a change keeps that, it counts in full
        as parameters, and by what it takes as bytes."""
        parts = [*self.network.parameters(), *self.network.buffers()]
        pretrained = {_BACKBONE + name: p.numel() for name, p in self.encoder.build().named_parameters()}
        trained = {name for name, _ in self.network.named_parameters()} & set(self.arrays)
        added = sum(self.arrays[name].size for name in trained - set(pretrained))
        return Size(sum(pretrained.values()) + added, sum(p.numel() * p.element_size() for p in parts))

    def trained(self) -> Size:
        """Of what is kept."""
        return Size(self.trained_parameters, self.trained_bytes)

    def state(self) -> State:
        """Plain data."""
        return {
            "encoder": described(self.encoder, "name"),
            "change": None if self.change is None else described(self.change, "kind"),
            "arrays": dict(self.arrays),
            "trained_parameters": self.trained_parameters,
            "values": {"regression": self.regression, "level": self.level, "spread": self.spread},
        }

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`. Raises ``InputError`` for an encoder or a change that is not installed."""
        values = state["values"]
        encoder: Any = known(Trainable, "name", state["encoder"])  # type: ignore[type-abstract]
        change = None if state["change"] is None else known(Change, "kind", state["change"])  # type: ignore[type-abstract]
        arrays = {str(name): np.asarray(array) for name, array in state["arrays"].items()}
        numbers = float(values["level"]), float(values["spread"])
        return cls(encoder, change, arrays, int(state["trained_parameters"]), bool(values["regression"]), *numbers)

    @cached_property
    def network(self) -> TunedNetwork:
        """The pretrained network with the change made, and filled with what was trained; in evaluation mode.

        Raises ``InputError`` when the arrays do not fit it.
        """
        import torch

        from autotransfer.nets.seeding import reproducible
        from autotransfer.tuning.network import TunedNetwork

        outputs, width = self.arrays["head.weight"].shape
        with reproducible(0, "cpu"):
            backbone = self.encoder.build()
            if self.change is not None:
                changed(backbone, self.change)
            network = TunedNetwork(backbone, width, outputs)
        tensors = {name: torch.from_numpy(np.array(array)) for name, array in self.arrays.items()}
        try:
            unknown = network.load_state_dict(tensors, strict=False).unexpected_keys
        except RuntimeError as error:
            raise InputError(f"the saved model does not fit its pretrained network ({error}); fit again") from error
        if unknown:
            raise InputError(f"the saved model has {unknown[0]!r}, its pretrained network has not; fit again")
        return network.eval()


def kept(tuning: Tuning) -> TunedPredictor:
    """The tuned network as plain data: what is trained, and whatever else differs from what it was."""
    import torch

    trained = {name for name, parameter in tuning.network.named_parameters() if parameter.requires_grad}
    arrays = {}
    for name, tensor in tuning.network.state_dict().items():
        before = tuning.base.get(name.removeprefix(_BACKBONE)) if name.startswith(_BACKBONE) else None
        if name in trained or before is None or not torch.equal(before, tensor):
            arrays[name] = np.array(tensor.detach().cpu().numpy())
    count = sum(parameter.numel() for parameter in tuning.network.parameters() if parameter.requires_grad)
    rows = tuning.rows
    values = (not rows.n_classes, rows.level, rows.spread)
    return TunedPredictor(tuning.encoder, tuning.change, arrays, count, *values)
