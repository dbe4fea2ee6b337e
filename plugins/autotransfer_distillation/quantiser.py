"""Eight-bit weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from autotransfer.data import Array

LEVELS = 127


class Quantised(NamedTuple):
    """:param values: int8, the array's shape. :param scales: float32, one a channel: ``array = values * scale``."""

    values: Array
    scales: Array


def quantised(array: Array) -> Quantised:
    """Symmetric and per channel, the first axis, as Krishnamoorthi recommends for weights (arXiv:1806.08342, section
    3.1.3): the largest value of a channel becomes 127, 0 stays 0, so that what was pruned stays pruned.

    The error of an entry is at most half of its channel's scale. A channel of zeros has the scale 1.
    """
    largest = np.abs(array).reshape(len(array), -1).max(axis=1, initial=0.0)
    scales = np.where(largest > 0, largest / LEVELS, 1.0).astype(np.float32)
    values = np.rint(array / _broadcast(scales, array)).clip(-LEVELS, LEVELS)
    return Quantised(values.astype(np.int8), scales)


def dequantised(found: Quantised) -> Array:
    """Float32, the array's shape."""
    return np.asarray(found.values * _broadcast(found.scales, found.values), np.float32)


def _broadcast(scales: Array, array: Array) -> Array:
    return scales.reshape(-1, *([1] * (array.ndim - 1)))
