"""What can be said of an image without knowing what it shows: its main colour and its brightness."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.encoders.images import read_images

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple")
_EDGES = np.array([15, 45, 70, 170, 260, 330]) / 360
"""Where one hue ends and the next begins, on the circle of hues; beyond the last it is red again."""
_VIVID, _SHARE = 0.25, 0.2
"""A pixel has a colour from this saturation on, an image from such a share of pixels on; others are grey."""
SHADES = ("dark", "dim", "bright")
_LEVELS = (0.35, 0.6)
"""Mean levels, of 1, where one shade ends."""


def looks(data: Dataset) -> tuple[Array, Array]:
    """Colour and shade of each image, two object arrays of words, shape (n,)."""
    pixels = read_images(data, 8, 3).reshape(len(data), -1, 3)
    return np.array([main_colour(image) for image in pixels], dtype=object), np.array(
        [shade(image) for image in pixels], dtype=object
    )


def main_colour(pixels: Array) -> str:
    """The commonest hue among pixels (n, 3) of [0, 1] that have one, or "grey"."""
    most, least = pixels.max(axis=1), pixels.min(axis=1)
    vivid = (most - least > _VIVID * most) & (most > 0.15)
    if vivid.mean() < _SHARE:
        return "grey"
    kinds = np.searchsorted(_EDGES, _hue(pixels[vivid])) % len(COLOURS)
    return COLOURS[int(np.bincount(kinds, minlength=len(COLOURS)).argmax())]


def shade(pixels: Array) -> str:
    """By the mean level of pixels (n, 3) of [0, 1]."""
    return SHADES[int(np.searchsorted(_LEVELS, float(pixels.mean())))]


def _hue(pixels: Array) -> Array:
    """In [0, 1), red at 0, of pixels whose channels differ."""
    red, green, blue = pixels.T
    most, spread = pixels.max(axis=1), np.ptp(pixels, axis=1)
    by_channel = ((green - blue) / spread, (blue - red) / spread + 2, (red - green) / spread + 4)
    return np.asarray(np.select([most == red, most == green], by_channel[:2], by_channel[2]) / 6 % 1.0)
