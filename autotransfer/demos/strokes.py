"""The few-shot demo: invented characters, each drawn by many hands. Nothing but numbers that a seed gives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from autotransfer.data import Modality
from autotransfer.problem import RawData

TARGET_CLASSES, SOURCE_CLASSES = 5, 25
_ROWS = {"fewshot": 1, "fewshot-source": 12, "fewshot-test": 20}
"""Drawings of each character, by the name after ``demo:``."""
_EDGE, _STROKES, _BENDS, _POINTS = 28, 3, 3, 24
_WOBBLE, _SLANT, _SHIFT = 0.04, 0.35, 0.12
"""How far hands differ: the bends of a stroke, the character's linear map, and its place; in shares of the edge."""
_SEED = 2011

_Array = npt.NDArray[np.float64]


def strokes(name: str) -> RawData:
    """``fewshot``: five characters, one drawing of each. ``fewshot-test``: twenty more of each. ``fewshot-source``:
    twelve drawings of each of 25 other characters. Gray images of 28 × 28 pixels, ink is bright."""
    source = name == "fewshot-source"
    characters = np.random.default_rng(_SEED).uniform(
        0.15, 0.85, (TARGET_CLASSES + SOURCE_CLASSES, _STROKES, _BENDS, 2)
    )
    first = TARGET_CLASSES if source else 0
    chosen = range(first, first + (SOURCE_CLASSES if source else TARGET_CLASSES))
    rng = np.random.default_rng((_SEED, list(_ROWS).index(name)))
    labels = np.repeat([f"character {number:02d}" for number in chosen], _ROWS[name]).astype(object)
    images = [_drawn(characters[number], rng) for number in chosen for _ in range(_ROWS[name])]
    return RawData(name, Modality.IMAGE, np.stack(images), labels)


def _drawn(character: _Array, rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """One drawing of a character (strokes, bends, 2), with coordinates in [0, 1]."""
    bends = character + rng.normal(0, _WOBBLE, character.shape)
    bends = (bends - 0.5) @ (np.eye(2) + rng.uniform(-_SLANT, _SLANT, (2, 2))) + 0.5 + rng.uniform(-_SHIFT, _SHIFT, 2)
    along = np.linspace(0, _BENDS - 1, _POINTS)
    points = [np.interp(along, np.arange(_BENDS), stroke[:, axis]) for axis in (0, 1) for stroke in bends]
    x, y = np.array(points).reshape(2, -1) * (_EDGE - 1)
    grid = np.arange(_EDGE)
    squares = (grid[None, :, None] - x) ** 2 + (grid[:, None, None] - y) ** 2
    return np.asarray(255 * np.clip(2.0 - np.sqrt(squares.min(axis=2)), 0, 1), np.uint8)
