"""The multimodal demo: small drawings of coloured shapes, made by this code. Sentences say what is on those of the
source; of the target's, which are noisy and darker, four of each shape have a label."""

from __future__ import annotations

import numpy as np

from autotransfer.data import Array, Modality
from autotransfer.problem import RawData

EDGE = 24
KINDS = ("circle", "square", "triangle", "cross", "ring", "bar")
COLOURS = {
    "red": (220, 50, 50),
    "green": (60, 180, 70),
    "blue": (60, 90, 220),
    "yellow": (235, 215, 60),
    "white": (240, 240, 240),
}
SIZES = {"small": 5.0, "large": 8.0}
SENTENCES = (
    "a {size} {colour} {kind}",
    "a photo of a {colour} {kind}",
    "there is a {size} {kind} in {colour}",
    "{colour} {kind}, {size}",
    "a drawing of one {size} {colour} {kind}",
)
_EACH = {"multimodal": 4, "multimodal-pairs": 100, "multimodal-test": 40}
"""Images of each kind."""


def shapes(name: str) -> RawData:
    """``multimodal-pairs``: 600 drawings with sentences. ``multimodal``: 24 labelled pictures of another look.
    ``multimodal-test``: 240 more of these."""
    rng = np.random.default_rng(sum(name.encode()))
    labels = np.repeat(np.array(KINDS, dtype=object), _EACH[name])
    drawn = [_drawing(rng, kind, plain=name.endswith("-pairs")) for kind in labels]
    images = np.stack([image for image, _ in drawn])
    if not name.endswith("-pairs"):
        return RawData(name, Modality.IMAGE, images, labels)
    said = np.array([sentence for _, sentence in drawn], dtype=object)
    return RawData(name, Modality.IMAGE, images, captions=said)


def _drawing(rng: np.random.Generator, kind: str, *, plain: bool) -> tuple[Array, str]:
    """A uint8 image (EDGE, EDGE, 3) and what is to be seen on it."""
    colour, size = rng.choice(list(COLOURS)), rng.choice(list(SIZES))
    shown = _inside(rng, kind, SIZES[size])[:, :, None]
    ground = rng.uniform(0, 90, 3) if plain else rng.uniform(0, 60, 3)
    image = np.where(shown, COLOURS[colour], ground) + rng.normal(0, 4 if plain else 25, (EDGE, EDGE, 3))
    sentence = str(rng.choice(SENTENCES)).format(kind=kind, colour=colour, size=size)
    return np.clip(image if plain else 0.8 * image, 0, 255).astype(np.uint8), sentence


def _inside(rng: np.random.Generator, kind: str, radius: float) -> Array:
    """Which pixels the shape covers, bool (EDGE, EDGE); it lies somewhere around the middle, a little turned."""
    centre, angle = EDGE / 2 + rng.uniform(-3, 3, 2), rng.uniform(-0.3, 0.3)
    y, x = (np.arange(EDGE)[:, None] - centre[0]) / radius, (np.arange(EDGE)[None, :] - centre[1]) / radius
    u, v = np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x
    far, wide = np.hypot(u, v), np.maximum(np.abs(u), np.abs(v))
    covered = {
        "circle": far < 1,
        "square": wide < 0.85,
        "triangle": (v < 0.7) & (v > 2 * np.abs(u) - 1),
        "cross": (wide < 1) & (np.minimum(np.abs(u), np.abs(v)) < 0.3),
        "ring": (far < 1) & (far > 0.55),
        "bar": (np.abs(u) < 1.1) & (np.abs(v) < 0.35),
    }
    return np.asarray(covered[kind])
