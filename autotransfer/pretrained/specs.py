"""The networks of the zoo as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoders.images import read_pixels
from autotransfer.errors import InputError

if TYPE_CHECKING:
    from autotransfer.pretrained.modules.backbone import Backbone

MOST = 4096
"""Largest size of anything in a spec: what a damaged file asks for beyond that is refused before it is built."""


@final
@dataclass(frozen=True)
class ResNetSpec:
    """He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016 (arXiv:1512.03385): basic
    blocks; halving shortcuts average first, as in He, Zhang, Zhang, Zhang, Xie and Li, "Bag of tricks for image
    classification", CVPR 2019 (arXiv:1812.01187), and a 3 × 3 stem without pooling suits small images.

    :param size: edge of prepared images in pixels. :param widths: planes of each stage; the last are the features.
    :param depths: blocks of each stage. :param stem_stride: 1 or 2.
    """

    kind: ClassVar[str] = "resnet"
    modality: ClassVar[Modality] = Modality.IMAGE

    size: int = 64
    widths: tuple[int, ...] = (32, 64, 128, 256)
    depths: tuple[int, ...] = (1, 1, 1, 1)
    stem_stride: int = 2

    def __post_init__(self) -> None:
        if len(self.widths) != len(self.depths):
            raise InputError(f"a resnet has as many depths as widths, not {len(self.depths)} and {len(self.widths)}")
        _check(self.kind, self.size, self.stem_stride, *self.widths, *self.depths)

    @property
    def width(self) -> int:
        """Columns of the features."""
        return self.widths[-1]

    def rows(self, data: Dataset) -> Array:
        """Prepared images, uint8 of shape (n, 3, size, size)."""
        return image_rows(data, self.size)

    def build(self) -> Backbone:
        """Initialised from torch's global generator: see ``seeding.reproducible``."""
        from autotransfer.pretrained.modules.resnet import ResNet

        return ResNet(self)


Spec: TypeAlias = ResNetSpec
KINDS: dict[str, type[Spec]] = {spec.kind: spec for spec in (ResNetSpec,)}


def resnet(size: int | None = None, width: int | None = None) -> ResNetSpec:
    """Four stages of one block, each of twice the planes of the one before.

    :param size: edge of images; None: 64. :param width: of the features, a multiple of 8; None: 256.
    """
    wide = 256 if width is None else width
    if wide % 8:
        raise InputError(f"--width {wide}: a resnet's must be a multiple of 8, as planes double three times")
    return ResNetSpec(64 if size is None else size, tuple(wide // part for part in (8, 4, 2, 1)))


def image_rows(data: Dataset, size: int) -> Array:
    """Images in colour, brought to one size whatever their aspect: uint8 of shape (n, 3, size, size)."""
    return np.ascontiguousarray(read_pixels(data, size, 3).transpose(0, 3, 1, 2))


def _check(kind: str, *sizes: object) -> None:
    for size in sizes:
        if not isinstance(size, int) or not 1 <= size <= MOST:
            raise InputError(f"a {kind} with a size of {size!r}: it must be a whole number from 1 to {MOST}")
