"""From raw rows to a feature matrix."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from autotransfer.data import Array, Dataset, Modality
from autotransfer.footprint import Size, size_of
from autotransfer.state import State


class FittedEncoder(ABC):
    """An encoder that has seen its training rows (or never needs any)."""

    @abstractmethod
    def transform(self, data: Dataset) -> Array:
        """Finite float32 features of shape (n, d). Works for n = 0; ``data`` is left as it was."""

    @abstractmethod
    def state(self) -> State:
        """Everything needed to transform, as plain data."""

    def learned(self) -> Size:
        """What it has learned, here the arrays of its state; a network whose state only names it counts it."""
        return size_of(self.state())


class Encoder(ABC):
    """A way to turn raw rows of one modality into features. Concrete encoders are frozen dataclasses.

    ``learns`` is False when ``fit`` ignores its rows (raw pixels, a pretrained network): features are then computed
    once for a whole data set and kept on disk. ``version`` goes up whenever the features change for equal inputs.
    ``pretrained`` is True when the features were learned from other data before the run. Such an encoder may need a
    model that a source names: without one it refuses all rows, so that the search never offers it by itself.
    """

    name: ClassVar[str]
    modality: ClassVar[Modality]
    reference: ClassVar[str]
    learns: ClassVar[bool] = True
    pretrained: ClassVar[bool] = False
    version: ClassVar[int] = 1

    @abstractmethod
    def fit(self, data: Dataset) -> FittedEncoder:
        """Learn from the given rows (labels are never looked at)."""

    @abstractmethod
    def restore(self, state: State) -> FittedEncoder:
        """The inverse of ``FittedEncoder.state``. The state may be hostile: never execute any of it."""

    def refuses(self, data: Dataset) -> str | None:
        """Why this encoder cannot take ``data`` (one line), or None when it can."""
        if data.modality is not self.modality:
            return f"the encoder {self.name} takes {self.modality} rows, not {data.modality}"
        return None
