"""Colours and shades of images that were painted for it."""

from __future__ import annotations

import numpy as np
import pytest

from autotransfer.data import Dataset, Modality
from benchmarks.pairing.looks import COLOURS, looks, main_colour, shade

PAINTED = {
    "red": (1.0, 0.1, 0.1),
    "orange": (1.0, 0.55, 0.0),
    "yellow": (0.95, 0.95, 0.1),
    "green": (0.1, 0.8, 0.2),
    "blue": (0.1, 0.3, 0.9),
    "purple": (0.6, 0.1, 0.8),
    "grey": (0.5, 0.5, 0.5),
}


@pytest.mark.parametrize(("name", "colour"), PAINTED.items(), ids=PAINTED)
def test_painted_images_have_their_colour(name: str, colour: tuple[float, float, float]) -> None:
    assert main_colour(np.tile(colour, (20, 1))) == name


def test_the_commonest_colour_counts_and_a_speck_does_not() -> None:
    two = np.concatenate([np.tile(PAINTED["blue"], (12, 1)), np.tile(PAINTED["red"], (8, 1))])
    assert main_colour(two) == "blue"
    speck = np.concatenate([np.tile(PAINTED["red"], (3, 1)), np.tile(PAINTED["grey"], (17, 1))])
    assert main_colour(speck) == "grey"


def test_hues_go_round_the_circle() -> None:
    """Sixty hues in order meet every colour once, red at both ends."""
    import colorsys

    found = [main_colour(np.tile(colorsys.hsv_to_rgb(hue, 1, 1), (4, 1))) for hue in np.arange(60) / 60]
    changes = [name for name, before in zip(found, [None, *found], strict=False) if name != before]
    assert changes == [*COLOURS, "red"]


def test_shades_are_levels() -> None:
    assert [shade(np.full((4, 3), level)) for level in (0.1, 0.5, 0.9)] == ["dark", "dim", "bright"]


def test_of_a_data_set() -> None:
    images = np.stack([np.full((9, 9, 3), (250, 20, 20)), np.full((9, 9, 3), 10)]).astype(np.uint8)
    colours, shades = looks(Dataset("d", Modality.IMAGE, images))
    assert colours.tolist() == ["red", "grey"]
    assert shades.tolist() == ["dim", "dark"]
