"""Images as histograms of edge directions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from autotransfer.data import Array, Dataset, Modality
from autotransfer.encoder import Encoder, FittedEncoder
from autotransfer.encoders.images import read_images
from autotransfer.state import State

_SIZE, _CELL, _BINS = 32, 8, 9  # pixels, pixels, directions over 180 degrees
_CELLS = _SIZE // _CELL
_CLIP = 0.2
_EPS = 1e-3
_BATCH = 2048  # images whose gradients are in memory at once


@final
@dataclass(frozen=True)
class FittedHog(FittedEncoder):
    """Nothing is learned."""

    def transform(self, data: Dataset) -> Array:
        images = read_images(data, _SIZE, 1)[..., 0]
        parts = [histograms(images[start : start + _BATCH]) for start in range(0, len(images), _BATCH)]
        return np.concatenate([np.empty((0, 4 * _BINS * (_CELLS - 1) ** 2), np.float32), *parts])

    def state(self) -> State:
        return {}


@final
@dataclass(frozen=True)
class HogEncoder(Encoder):
    """Dalal and Triggs, "Histograms of oriented gradients for human detection", CVPR 2005
    (https://doi.org/10.1109/CVPR.2005.177): on 32 × 32 gray pixels, cells of 8 × 8 pixels, 9 directions regardless of
    sign, blocks of 2 × 2 cells normalised by clipped length (L2-Hys): 324 features. Votes are shared between
    neighbouring directions, not between neighbouring cells.
    """

    name: ClassVar[str] = "hog"
    modality: ClassVar[Modality] = Modality.IMAGE
    reference: ClassVar[str] = "Dalal & Triggs, CVPR 2005"
    learns: ClassVar[bool] = False

    def fit(self, data: Dataset) -> FittedEncoder:
        return FittedHog()

    def restore(self, state: State) -> FittedEncoder:
        return FittedHog()


def histograms(images: Array) -> Array:
    """Float32 of shape (n, 324) from gray images (n, 32, 32) in [0, 1]."""
    cells = _cell_histograms(np.sqrt(images))
    corners = [cells[:, i : i + _CELLS - 1, j : j + _CELLS - 1] for i in (0, 1) for j in (0, 1)]
    blocks = np.concatenate(corners, axis=-1)
    for limit in (_CLIP, np.inf):
        blocks = np.minimum(blocks / np.sqrt((blocks**2).sum(axis=-1, keepdims=True) + _EPS**2), limit)
    return np.asarray(blocks.reshape(len(images), -1), np.float32)


def _cell_histograms(images: Array) -> Array:
    """Gradient lengths by direction, (n, cells, cells, bins). A border pixel is its own outer neighbour."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)), mode="edge")
    dx = padded[:, 1:-1, 2:] - padded[:, 1:-1, :-2]
    dy = padded[:, 2:, 1:-1] - padded[:, :-2, 1:-1]
    length = np.hypot(dx, dy)
    # bin centres lie at 10, 30, ..., 170 degrees; 170 and 10 are neighbours
    position = np.arctan2(dy, dx) % np.pi * (_BINS / np.pi) - 0.5
    lower = np.floor(position)
    upper_share = position - lower
    n = len(images)
    cell = np.arange(_SIZE) // _CELL
    owner = (np.arange(n)[:, None, None] * _CELLS + cell[:, None]) * _CELLS + cell
    cells = np.zeros(n * _CELLS**2 * _BINS)
    for bins, share in ((lower, 1 - upper_share), (lower + 1, upper_share)):
        index = owner * _BINS + bins.astype(np.int64) % _BINS
        cells += np.bincount(index.ravel(), (length * share).ravel(), minlength=len(cells))
    return cells.reshape(n, _CELLS, _CELLS, _BINS)
