"""The same toy rows in each modality, so that methods for raw rows meet the same shifts as those for features."""

from __future__ import annotations

import numpy as np
import pandas as pd

from autotransfer.data import Array, Inputs, Modality

SIDE = 16
"""Height and width of toy images."""


def render(X: Array, modality: Modality) -> Inputs:
    """Latent features of shape (n, d) as rows of a modality; nearly all their information is kept.

    Arrays are read-only: features on disk are, too.
    """
    if modality is Modality.TABLE:
        return _table(X)
    if modality is Modality.TEXT:
        return read_only(np.array([_sentence(row) for row in X], dtype=object))
    if modality is Modality.IMAGE:
        return read_only(_images(X))
    return read_only(X.astype(np.float32))


def read_only(array: Array) -> Array:
    """The array itself, writing to it refused."""
    array.setflags(write=False)
    return array


def _table(X: Array) -> pd.DataFrame:
    frame = pd.DataFrame(X, columns=[f"x{column}" for column in range(X.shape[1])])
    frame["sign"] = np.where(X[:, 0] > 0, "plus", "minus")
    return frame


def _sentence(row: Array) -> str:
    """A word a feature, said as often as the feature is large."""
    words = [f"{'more' if value > 0 else 'less'}{column}" for column, value in enumerate(row)]
    repeats = np.minimum(1 + np.abs(row * 2).astype(int), 9)
    return " ".join(" ".join([word] * times) for word, times in zip(words, repeats, strict=True))


def _images(X: Array) -> Array:
    """A horizontal stripe a feature, brightness by value; (n, SIDE, SIDE, 3) uint8."""
    levels = (255 / (1 + np.exp(-X))).astype(np.uint8)
    stripes = levels[:, np.arange(SIDE) * X.shape[1] // SIDE] if len(X) else np.empty((0, SIDE), np.uint8)
    return np.ascontiguousarray(np.broadcast_to(stripes[:, :, None, None], (len(X), SIDE, SIDE, 3)))
