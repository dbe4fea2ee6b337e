"""A pretrained network that methods may train further: what the encoder of a source offers besides fixed features."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeAlias

from autotransfer.data import Array, Dataset

if TYPE_CHECKING:
    from torch import Tensor, nn

Blocks: TypeAlias = "tuple[tuple[str, ...], ...]"
"""Names of parameters, block by block, the one nearest to the input first."""


class Trainable(ABC):
    """The network behind a pretrained encoder. Methods that take raw rows look for it in ``source.encoder``:
    ``isinstance(source.encoder, Trainable)``; the asset ``TRAINABLE`` says that it is there.

    ``build`` and ``prepare`` go together: ``build()(prepare(data))`` are the features that the encoder gives, up to
    rounding. Rows are prepared once; what is random (crops, masks) and all scaling of values comes after that, so a
    prepared image may be cropped, flipped or mixed before the network sees it.
    """

    @abstractmethod
    def build(self) -> nn.Module:
        """A new copy with the pretrained weights, on the CPU, in evaluation mode, every parameter requiring gradients.

        Its ``forward`` takes a batch of prepared rows and gives float32 features of shape (n, width). It scales pixels
        itself, so images may come as uint8 or as float values in [0, 255].
        """

    @abstractmethod
    def prepare(self, data: Dataset) -> Tensor:
        """Images: uint8 of shape (n, 3, height, width). Texts: int64 token numbers of shape (n, length), 0 is padding.

        Raises ``InputError`` that names a file which cannot be decoded.
        """

    @abstractmethod
    def blocks(self, module: nn.Module) -> Blocks:
        """Every parameter of ``module`` (as ``build`` gave it) in exactly one block, for layer-wise learning rates,
        gradual unfreezing and frozen first layers."""

    @abstractmethod
    def head(self) -> tuple[Array, Array] | None:
        """The source's own linear classifier on those features: weight (k, width) and bias (k,), float32, one row a
        class of ``Source.classes``; None where the model came without."""
