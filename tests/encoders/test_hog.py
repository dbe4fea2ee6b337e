from __future__ import annotations

import math

import numpy as np
from PIL import Image

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.hog import HogEncoder, histograms


def by_loop(image: np.ndarray) -> list[float]:
    """Pixel by pixel, as the paper tells it."""
    root = [[math.sqrt(value) for value in row] for row in image.tolist()]
    cells = [[[0.0] * 9 for _ in range(4)] for _ in range(4)]
    for y in range(32):
        for x in range(32):
            dx = root[y][min(x + 1, 31)] - root[y][max(x - 1, 0)]
            dy = root[min(y + 1, 31)][x] - root[max(y - 1, 0)][x]
            degrees = math.degrees(math.atan2(dy, dx)) % 180
            for k in range(9):
                away = abs(degrees - (10 + 20 * k))
                away = min(away, 180 - away)
                cells[y // 8][x // 8][k] += math.hypot(dx, dy) * max(0.0, 1 - away / 20)
    features = []
    for i in range(3):
        for j in range(3):
            block = cells[i][j] + cells[i][j + 1] + cells[i + 1][j] + cells[i + 1][j + 1]
            block = [min(v / math.sqrt(sum(u * u for u in block) + 1e-6), 0.2) for v in block]
            features += [v / math.sqrt(sum(u * u for u in block) + 1e-6) for v in block]
    return features


def test_equals_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    ramp = np.add.outer(np.linspace(0, 0.5, 32), np.linspace(0, 0.4, 32))
    stack = np.stack([rng.random((32, 32)), ramp, np.zeros((32, 32)), np.tri(32)]).astype(np.float32)
    np.testing.assert_allclose(histograms(stack), [by_loop(image) for image in stack], atol=2e-5)


def test_brightness_and_contrast_hardly_matter() -> None:
    """Block normalisation: an edge at half the contrast has the same direction histogram."""
    image = np.tri(32, dtype=np.float32)
    strong, weak = histograms(np.stack([image, 0.25 * image]))
    np.testing.assert_allclose(strong, weak, atol=0.01)


def test_a_turned_edge_turns_its_histogram() -> None:
    """A vertical edge votes around 0 degrees, a horizontal one around 90 degrees."""
    vertical = np.zeros((32, 32), np.float32)
    vertical[:, 16:] = 1
    first, second = histograms(np.stack([vertical, vertical.T])).reshape(2, 36, 9).sum(axis=1)
    assert set(np.flatnonzero(first)) == {0, 8}
    assert set(np.flatnonzero(second)) == {4}


def test_the_encoder_scales_to_its_own_size() -> None:
    stack = np.random.default_rng(0).integers(0, 256, (3, 64, 64)).astype(np.uint8)
    data = Dataset("images", Modality.IMAGE, stack)
    features = HogEncoder().fit(data).transform(data)
    small = np.stack([np.asarray(Image.fromarray(image).resize((32, 32), Image.Resampling.BOX)) for image in stack])
    np.testing.assert_array_equal(features, histograms(small.astype(np.float32) / 255))
    assert features.shape == (3, 324)
    assert HogEncoder().fit(data).transform(data.take(np.arange(0))).shape == (0, 324)
