"""Images of any size, depth and file format as arrays of one size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from autotransfer.data import Array, Dataset
from autotransfer.errors import InputError

if TYPE_CHECKING:
    from PIL.Image import Image


def read_images(data: Dataset, size: int, channels: int) -> Array:
    """Float32 in [0, 1] of shape (n, size, size, channels): see :func:`read_pixels`."""
    return read_pixels(data, size, channels) / np.float32(255)


def read_pixels(data: Dataset, size: int, channels: int) -> Array:
    """Uint8 of shape (n, size, size, channels), 1 channel (gray) or 3 (red, green, blue).

    Shrinking averages the pixels that fall together, enlarging interpolates; the aspect is not kept.
    Raises ``InputError`` that names the file which cannot be decoded.
    """
    pixels = np.empty((len(data), size, size, channels), np.uint8)
    for row, item in enumerate(np.asarray(data.inputs)):
        pixels[row] = _resized(decoded(item), size, channels)
    return pixels


def decoded(item: object) -> Image:
    """One row of an image data set: a uint8 array (height, width[, 1 or 3]), or the path of a file, turned upright.

    Raises ``InputError`` that names the file.
    """
    from PIL import Image, ImageOps

    if isinstance(item, np.ndarray):
        return Image.fromarray(item[..., 0] if item.shape[-1:] == (1,) and item.ndim == 3 else item)
    try:
        with Image.open(str(item)) as image:
            return ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(f"{item}: no readable image ({reason}); remove or replace the file") from error


def plain(image: Image, channels: int) -> Image:
    """The image in gray or in colour, 8 bits a channel."""
    from PIL import Image

    if image.mode.startswith("I;16"):
        # converting straight to 8 bits would cut every bright pixel off at 255
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    elif image.mode in {"P", "PA", "LA"}:
        image = image.convert("RGBA")  # palettes and transparency resolve into colours first
    return image.convert("L" if channels == 1 else "RGB")


def _resized(image: Image, size: int, channels: int) -> Array:
    from PIL import Image

    image = plain(image, channels)
    shrinks = min(image.size) >= size
    image = image.resize((size, size), Image.Resampling.BOX if shrinks else Image.Resampling.BILINEAR)
    return np.asarray(image, np.uint8).reshape(size, size, channels)
