"""The image tower is locked: training changes nothing of it."""

from __future__ import annotations

import numpy as np
from autotransfer_multimodal.frozen_texts import of_length_one
from autotransfer_multimodal.locked_image_tuning import LockedImageTuning

from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context


def test_images_are_the_features_themselves(toy) -> None:
    """z = (x - mean) / ‖x - mean‖, however long texts were trained; nothing but the head is kept of the training."""
    for epochs in (1, 3):
        with reproducible(0, "cpu"):
            towers = LockedImageTuning(epochs=epochs).learn(toy.source, Context())
        centred = toy.test.X - toy.source.rows.X.mean(axis=0)
        np.testing.assert_allclose(towers.images(toy.test), of_length_one(centred), atol=1e-5)
        assert towers.arrays == {}
        assert towers.texts(["a red"]).shape == (1, toy.test.X.shape[1])
