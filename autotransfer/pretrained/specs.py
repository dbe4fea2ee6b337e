"""The networks of the zoo as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeAlias, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoders.images import read_pixels
from autotransfer.errors import InputError
from autotransfer.pretrained.wordpieces import SPECIALS, numbers

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


@final
@dataclass(frozen=True)
class VitSpec:
    """Dosovitskiy et al., "An image is worth 16x16 words", ICLR 2021 (arXiv:2010.11929), with fixed sine and cosine
    positions and the mean over patches, as in He et al., "Masked autoencoders are scalable vision learners", CVPR 2022
    (arXiv:2111.06377).

    :param size: edge of prepared images in pixels, a multiple of ``patch``.
    :param width: of the features, a multiple of 4 and of ``heads``.
    :param stem: planes of 3 × 3 convolutions of stride 2, which take the place of the cut into patches (Xiao, Singh,
        Mintun, Darrell, Dollár and Girshick, "Early convolutions help transformers see better", NeurIPS 2021,
        arXiv:2106.14881): as many as halve an edge from ``patch`` to 1. Empty: none.
    """

    kind: ClassVar[str] = "vit"
    modality: ClassVar[Modality] = Modality.IMAGE

    size: int = 64
    patch: int = 8
    width: int = 192
    depth: int = 6
    heads: int = 6
    stem: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _check(self.kind, self.size, self.patch, self.width, self.depth, self.heads, *self.stem)
        if self.stem and 2 ** len(self.stem) != self.patch:
            raise InputError(f"a vit with {len(self.stem)} convolutions has patches of {2 ** len(self.stem)} pixels")
        if self.size % self.patch:
            raise InputError(f"a vit takes images of whole patches: --size must be a multiple of {self.patch}")
        _check_heads(self.kind, self.width, self.heads)

    def rows(self, data: Dataset) -> Array:
        """Prepared images, uint8 of shape (n, 3, size, size)."""
        return image_rows(data, self.size)

    def build(self) -> Backbone:
        """Initialised from torch's global generator."""
        from autotransfer.pretrained.modules.vit import Vit

        return Vit(self)


@final
@dataclass(frozen=True)
class TextSpec:
    """Devlin, Chang, Lee and Toutanova, "BERT", NAACL 2019 (arXiv:1810.04805), small, with norms in front of layers and
    fixed sine and cosine positions; features are means over tokens.

    :param pieces: the vocabulary. :param size: tokens after which a text is cut. :param width: of the features, a
        multiple of 4 and of ``heads``.
    """

    kind: ClassVar[str] = "text"
    modality: ClassVar[Modality] = Modality.TEXT
    specials: ClassVar[int] = SPECIALS

    pieces: tuple[str, ...]
    size: int = 128
    width: int = 128
    depth: int = 4
    heads: int = 4

    def __post_init__(self) -> None:
        _check(self.kind, self.size, self.width, self.depth, self.heads)
        _check_heads(self.kind, self.width, self.heads)
        if not all(isinstance(piece, str) for piece in self.pieces):
            raise InputError("the pieces of a text network must be strings; get it again")

    def rows(self, data: Dataset) -> Array:
        """Token numbers, int64 of shape (n, length), 0 is padding; the length is that of the longest text, at most
        ``size``."""
        return numbers(np.asarray(data.inputs, dtype=object).tolist(), self.pieces, self.size)

    def build(self) -> Backbone:
        """Initialised from torch's global generator."""
        from autotransfer.pretrained.modules.text import TextTransformer

        return TextTransformer(self)


Spec: TypeAlias = ResNetSpec | VitSpec | TextSpec
KINDS: dict[str, type[ResNetSpec] | type[VitSpec] | type[TextSpec]] = {
    spec.kind: spec for spec in (ResNetSpec, VitSpec, TextSpec)
}


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


def _check_heads(kind: str, width: int, heads: int) -> None:
    if width % heads or width % 4:
        raise InputError(f"--width {width}: a {kind}'s must be a multiple of 4 and of its {heads} heads")
