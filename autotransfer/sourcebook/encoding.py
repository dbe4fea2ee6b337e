"""Sketches of raw rows, in a book's space."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder
from autotransfer.errors import InputError
from autotransfer.problem import RawData
from autotransfer.sourcebook.sketch import MOST, Sketch, sketch, sketch_unseen
from autotransfer.task import Source

_ROWS = 512
"""A sketch looks at so many rows, spread evenly over the data set."""


def space_encoder(space: str, hook: Any) -> Encoder | None:
    """The encoder of the model with the URI ``space``; None where rows are feature vectors as they are.

    :param hook: pluggy relay with ``open_source(uri=)``. :raises InputError: there is no such model.
    """
    if not space:
        return None
    model = hook.open_source(uri=space)
    if not isinstance(model, Source) or model.encoder is None:
        raise InputError(f"{space}: no model of this name that encodes rows; a space is e.g. zoo:photo-resnet")
    if model.encoder.learns:
        raise InputError(f"{space}: its encoder learns from the rows that it is given, so that no two sources share it")
    return model.encoder


def sketch_source(raw: RawData, encoder: Encoder | None) -> Sketch:
    """By its labels, where it has some. Raises ``InputError`` where the rows are none of the space's."""
    known = None if raw.labels is None else np.flatnonzero(_known(raw.labels))
    some = _some(raw, np.arange(_count(raw)) if known is None else known)
    return sketch(_encode(raw, some, encoder), None if raw.labels is None else _groups(raw.labels[some]))


def sketch_target(raw: RawData, encoder: Encoder | None) -> Sketch:
    """Without its labels: some of them will be the test's, and the guard's. Raises ``InputError`` likewise."""
    return sketch_unseen(_encode(raw, _some(raw, np.arange(_count(raw))), encoder))


def _count(raw: RawData) -> int:
    return len(np.asarray(raw.inputs))


def _some(raw: RawData, rows: Array) -> Array:
    if not len(rows):
        raise InputError(f"{raw.name}: it has no rows to make a sketch of")
    return rows[:: math.ceil(len(rows) / _ROWS)]


def _encode(raw: RawData, some: Array, encoder: Encoder | None) -> Array:
    rows = Dataset(raw.name, raw.modality, np.asarray(raw.inputs)[some])
    if encoder is None:
        if rows.modality is not Modality.FEATURES:
            raise InputError(f"{rows.name}: {rows.modality} rows need a space, the URI of a model that encodes them")
        return rows.X
    refusal = encoder.refuses(rows)
    if refusal is not None:
        raise InputError(f"{rows.name}: {refusal}")
    return encoder.fit(rows).transform(rows)


def _known(labels: Array) -> Array:
    if labels.dtype == object:
        return np.array([label is not None for label in labels.tolist()])
    return ~np.isnan(labels)


def _groups(labels: Array) -> Array:
    """Few different numbers are classes."""
    if labels.dtype == object or len(np.unique(labels)) <= MOST:
        return np.unique(labels.astype(str), return_inverse=True)[1]
    return labels
