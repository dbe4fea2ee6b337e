from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autotransfer.data import Dataset, Modality
from autotransfer.encoders.images import read_images
from autotransfer.encoders.pixels import PixelsEncoder
from autotransfer.encoders.pixels_rgb import PixelsRgbEncoder
from autotransfer.errors import InputError


def images(inputs) -> Dataset:
    return Dataset("images", Modality.IMAGE, inputs)


def files(*paths: Path) -> Dataset:
    return images(np.array([str(path) for path in paths], dtype=object))


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def test_shrinking_by_a_whole_factor_is_the_block_mean() -> None:
    """(32, 32) to (16, 16): each pixel is the mean of its 2 x 2 block, within the rounding to 8 bits."""
    stack = noise(5, 32, 32)
    means = stack.reshape(5, 16, 2, 16, 2).mean(axis=(2, 4)) / 255
    np.testing.assert_allclose(read_images(images(stack), 16, 1)[..., 0], means, atol=1 / 255)


def test_files_and_arrays_of_the_same_picture_agree(tmp_path: Path) -> None:
    colour = noise(20, 30, 3)
    Image.fromarray(colour).save(tmp_path / "a.png")
    for channels in (1, 3):
        np.testing.assert_array_equal(
            read_images(files(tmp_path / "a.png"), 16, channels), read_images(images(colour[None]), 16, channels)
        )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_of_a_white_image_is_white(mode: str, tmp_path: Path) -> None:
    path = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    white = Image.new("RGB", (9, 5), "white")
    if mode == "I;16":
        white = Image.fromarray(np.full((5, 9), 65535, np.uint16))
    (white if mode == "I;16" else white.convert(mode)).save(path)
    for channels in (1, 3):
        np.testing.assert_array_equal(read_images(files(path), 4, channels), np.ones((1, 4, 4, channels)))


@pytest.mark.parametrize("shape", [(3, 8, 8), (3, 40, 7, 3), (3, 5, 5, 1), (0, 8, 8), (1, 1, 1)], ids=str)
def test_one_width_for_all_sizes_and_depths(shape) -> None:
    for encoder, width in ((PixelsEncoder(), 256), (PixelsRgbEncoder(), 768), (PixelsEncoder(size=5), 25)):
        data = images(noise(*shape))
        fitted = encoder.fit(data)
        features = fitted.transform(data)
        assert features.shape == (shape[0], width)
        assert features.dtype == np.float32
        assert ((features >= 0) & (features <= 1)).all()
        np.testing.assert_array_equal(encoder.restore(fitted.state()).transform(data), features)


@pytest.mark.parametrize("content", [b"", b"no image", "cut"], ids=["empty", "text", "cut"])
def test_a_broken_file_is_named(content, tmp_path: Path) -> None:
    path = tmp_path / "broken.png"
    if content == "cut":
        Image.fromarray(noise(64, 64, 3)).save(path)
        content = path.read_bytes()[:2000]
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"broken\.png: no readable image") as caught:
        PixelsEncoder().fit(files()).transform(files(path))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.png: no readable image"):
        PixelsEncoder().fit(files()).transform(files(tmp_path / "gone.png"))


def test_no_paths_give_no_rows() -> None:
    assert PixelsEncoder().fit(files()).transform(files()).shape == (0, 256)
