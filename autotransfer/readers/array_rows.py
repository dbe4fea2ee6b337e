"""Which modality an array holds, and its rows in that modality's form."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Modality
from autotransfer.errors import InputError


def array_rows(name: str, part: str, values: Array) -> tuple[Modality, Array]:
    """uint8 images, float32 features or object-array texts. Raises ``InputError`` for anything else.

    :param values: (n, d) numbers; (n, height, width[, 1 or 3]) uint8; (n,) strings.
    """
    if values.ndim == 1 and values.dtype.kind in "US":
        texts = np.char.decode(values, "utf-8", "replace") if values.dtype.kind == "S" else values
        return Modality.TEXT, np.array([str(text) for text in texts], dtype=object)
    if values.ndim in (3, 4):
        return Modality.IMAGE, _images(name, part, values)
    if values.ndim != 2 or values.dtype.kind not in "biuf":
        raise InputError(
            f"{name}: {part} is {values.dtype} of shape {values.shape}; it must be numbers (n, d), uint8 images "
            "(n, height, width[, 3]) or strings (n,)"
        )
    if 0 in values.shape:
        raise InputError(f"{name}: {part} has shape {values.shape}, so it holds nothing; give rows with features")
    return Modality.FEATURES, _features(name, part, values)


def _images(name: str, part: str, values: Array) -> Array:
    if values.ndim == 4 and values.shape[3] == 1:
        values = values[..., 0]
    if values.dtype != np.uint8 or (values.ndim == 4 and values.shape[3] != 3) or 0 in values.shape:
        raise InputError(
            f"{name}: {part} is {values.dtype} of shape {values.shape}; images must be uint8 (0 to 255) of shape "
            "(n, height, width) or (n, height, width, 3), features 2-D"
        )
    return values


def _features(name: str, part: str, values: Array) -> Array:
    with np.errstate(over="ignore"):
        features = values.astype(np.float32)
    infinite = np.isinf(features).any(axis=0)
    if infinite.any():
        raise InputError(
            f"{name}: column {int(infinite.argmax())} of {part} holds infinite values (or beyond float32); "
            "clip or remove them"
        )
    missing = np.isnan(features).any(axis=1)
    if missing.any():
        raise InputError(
            f"{name}: {int(missing.sum())} rows of {part} hold NaN; fill them first, for example with "
            "the column's mean, or give a CSV table, where empty cells are allowed"
        )
    return np.asarray(features + np.float32(0))  # -0.0 becomes 0.0, so that equal rows hash equally
