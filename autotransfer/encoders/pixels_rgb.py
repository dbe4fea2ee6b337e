"""Images as small colour grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

from autotransfer.data import Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.pixels import FittedPixels
from autotransfer.state import State


@final
@dataclass(frozen=True)
class PixelsRgbEncoder(Encoder):
    """Red, green and blue in [0, 1] (standard practice) of the image scaled to ``size`` × ``size``.

    :param size: edge in pixels, at least 1.
    """

    name: ClassVar[str] = "pixels_rgb"
    modality: ClassVar[Modality] = Modality.IMAGE
    reference: ClassVar[str] = "standard practice"
    learns: ClassVar[bool] = False

    size: int = 16

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedPixels(self.size, channels=3)

    def restore(self, state: State) -> FittedEncoder:
        return FittedPixels(int(state["size"]), int(state["channels"]))
