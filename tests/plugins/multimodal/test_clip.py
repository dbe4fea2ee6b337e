"""The image tower from scratch sees images at their own size where they are small."""

from __future__ import annotations

import numpy as np
from autotransfer_multimodal.clip import PIXELS, Clip

from autotransfer.data import Dataset, Modality
from autotransfer.nets import ImageForm
from autotransfer.task import Context, Source


def source(edge: int) -> Source:
    images = np.random.default_rng(0).integers(0, 255, (12, edge, edge, 3), dtype=np.uint8)
    said = np.array([f"picture {number}" for number in range(12)], dtype=object)
    return Source("pairs", Clip.needs, Dataset("pairs", Modality.IMAGE, images, captions=said))


def test_the_edge_is_that_of_the_images_up_to_a_bound() -> None:
    for edge, expected in ((12, 12), (PIXELS + 8, PIXELS)):
        towers = Clip(epochs=1).learn(source(edge), Context())
        assert isinstance(towers.form, ImageForm)
        assert towers.form.size == expected
        assert towers.images(source(edge).rows).shape == (12, Clip().columns)
