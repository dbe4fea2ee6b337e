"""Images as small pixel grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.images import read_images
from autotransfer.state import State


@final
@dataclass(frozen=True)
class FittedPixels(FittedEncoder):
    """Size and channels."""

    size: int
    channels: int

    def transform(self, data: Dataset) -> Array:
        return read_images(data, self.size, self.channels).reshape(len(data), self.size**2 * self.channels)

    def state(self) -> State:
        return {"size": self.size, "channels": self.channels}


@final
@dataclass(frozen=True)
class PixelsEncoder(Encoder):
    """Gray values in [0, 1] (standard practice) of the image scaled to ``size`` × ``size``, so that data sets of any
    image size and depth share their features.

    :param size: edge in pixels, at least 1.
    """

    name: ClassVar[str] = "pixels"
    modality: ClassVar[Modality] = Modality.IMAGE
    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False

    size: int = 16

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedPixels(self.size, channels=1)

    def restore(self, state: State) -> FittedEncoder:
        return FittedPixels(int(state["size"]), int(state["channels"]))
