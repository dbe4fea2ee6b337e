"""How rows become the float matrix that a network takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, TypeAlias, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality, concatenate
from autotransfer.encoder import FittedEncoder
from autotransfer.encoders.images import read_images
from autotransfer.encoders.lsa import LsaEncoder
from autotransfer.encoders.table import TableEncoder
from autotransfer.errors import InputError
from autotransfer.nets.specs import ConvSpec, MlpSpec
from autotransfer.state import State

SIZE = 28
"""Edge of the images that a convolutional network sees, in pixels: MNIST's."""


@final
@dataclass(frozen=True, eq=False)
class FeatureForm:
    """``(x - center) / scale``: one scale for all columns, since the encoder has chosen theirs.

    :param center: (d,). :param scale: positive.
    """

    kind: ClassVar[str] = "features"

    center: Array
    scale: float

    def rows(self, data: Dataset) -> Array:
        """Float32 of shape (n, d)."""
        return np.asarray((np.asarray(data.X, np.float32) - self.center) / np.float32(self.scale))

    def backbone(self, width: int) -> MlpSpec:
        """The network for these rows, with a representation of so many columns."""
        return MlpSpec(len(self.center), (width, width))

    def state(self) -> State:
        """Plain data."""
        return {"kind": self.kind, "center": self.center, "scale": self.scale}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(np.asarray(state["center"], np.float32), float(state["scale"]))


@final
@dataclass(frozen=True)
class ImageForm:
    """Images of one size, values in [-1, 1], one colour plane after the other.

    :param size: edge in pixels. :param channels: 1 (gray) or 3 (red, green, blue).
    """

    kind: ClassVar[str] = "images"

    size: int = SIZE
    channels: int = 1

    def rows(self, data: Dataset) -> Array:
        """Float32 of shape (n, channels * size * size)."""
        pixels = read_images(data, self.size, self.channels) * 2 - 1
        return np.ascontiguousarray(pixels.transpose(0, 3, 1, 2)).reshape(len(data), self.channels * self.size**2)

    def backbone(self, width: int) -> ConvSpec:
        """The network for these rows, with a representation of so many columns."""
        return ConvSpec(self.channels, self.size, width=width)

    def state(self) -> State:
        """Plain data."""
        return {"kind": self.kind, "size": self.size, "channels": self.channels}

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`."""
        return cls(int(state["size"]), int(state["channels"]))


@final
@dataclass(frozen=True, eq=False)
class EncodedForm:
    """Tables and texts as the features of a built-in encoder, centred and scaled as feature rows are.

    :param encoder: its name: ``table`` or ``lsa``. :param fitted: on the rows of all data sets. :param features: what
        is done with the features.
    """

    kind: ClassVar[str] = "encoded"

    encoder: str
    fitted: FittedEncoder
    features: FeatureForm

    def rows(self, data: Dataset) -> Array:
        """Float32 of shape (n, d)."""
        return self.features.rows(data.with_inputs(self.fitted.transform(data)))

    def backbone(self, width: int) -> MlpSpec:
        """The network for these rows, with a representation of so many columns."""
        return self.features.backbone(width)

    def state(self) -> State:
        """Plain data."""
        about = {"encoder": self.encoder, "state": self.fitted.state(), "features": self.features.state()}
        return {"kind": self.kind, **about}

    @classmethod
    def of(cls, parts: Sequence[Dataset]) -> Self:
        """For tables or texts, at least one row in all."""
        name = next(name for name, encoder in _ENCODERS.items() if encoder.modality is parts[0].modality)
        together = concatenate("rows", [part.without_labels() for part in parts])
        fitted = _ENCODERS[name].fit(together)
        features = form_of([together.with_inputs(fitted.transform(together))])
        if not isinstance(features, FeatureForm):
            raise TypeError("encoded rows are feature rows")
        return cls(name, fitted, features)

    @classmethod
    def restore(cls, state: State) -> Self:
        """The inverse of :meth:`state`. Raises ``InputError`` for an unknown encoder."""
        name = state["encoder"]
        if name not in _ENCODERS:
            raise InputError(f"the saved model encodes rows by {name!r}: it must be one of {', '.join(_ENCODERS)}")
        return cls(name, _ENCODERS[name].restore(state["state"]), FeatureForm.restore(state["features"]))


_ENCODERS: dict[str, TableEncoder | LsaEncoder] = {encoder.name: encoder for encoder in (TableEncoder(), LsaEncoder())}

Form: TypeAlias = FeatureForm | ImageForm | EncodedForm


def form_of(parts: Sequence[Dataset], size: int = SIZE) -> Form:
    """The form that fits all of these data sets; at least one row in all.

    :param size: edge of images in pixels.
    """
    filled = [part for part in parts if len(part)]
    if filled[0].modality in (Modality.TABLE, Modality.TEXT):
        return EncodedForm.of(filled)
    if filled[0].modality is Modality.IMAGE:
        return ImageForm(size, 1 if all(_gray(part) for part in filled) else 3)
    X = np.concatenate([np.asarray(part.X, np.float32) for part in filled])
    center = X.mean(axis=0, dtype=np.float64)
    scale = float(np.sqrt(np.mean(np.square(X - center.astype(np.float32)), dtype=np.float64)))
    return FeatureForm(center.astype(np.float32), scale if scale > 0 else 1.0)


def restore_form(state: State) -> Form:
    """The inverse of ``state()`` of any form. Raises ``InputError`` for an unknown kind."""
    forms: dict[str, type[FeatureForm] | type[ImageForm] | type[EncodedForm]] = {
        form.kind: form for form in (FeatureForm, ImageForm, EncodedForm)
    }
    if state["kind"] not in forms:
        raise InputError(f"the saved model takes rows of kind {state['kind']!r}: it must be one of {', '.join(forms)}")
    return forms[state["kind"]].restore(state)


def _gray(data: Dataset) -> bool:
    """Arrays without colour are gray; of coloured arrays and of files a sample is looked at."""
    inputs = np.asarray(data.inputs)
    if inputs.dtype != object and inputs.ndim == 3:
        return True
    sample = data.take(np.arange(0, len(data), max(1, len(data) // 50)))
    pixels = read_images(sample, 8, 3)
    return bool(np.ptp(pixels, axis=3).max() < 0.02)
