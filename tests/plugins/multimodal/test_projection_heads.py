"""Both encoders are frozen: what is trained is a linear map on either side."""

from __future__ import annotations

import numpy as np
from autotransfer_multimodal.frozen_texts import of_length_one
from autotransfer_multimodal.projection_heads import ProjectionHeads

from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context


def test_the_image_side_is_one_linear_map(toy) -> None:
    with reproducible(0, "cpu"):
        towers = ProjectionHeads(columns=5, epochs=1).learn(toy.source, Context())
    (weight,) = towers.arrays.values()
    np.testing.assert_allclose(towers.images(toy.test), of_length_one(towers.form.rows(toy.test) @ weight.T), atol=1e-5)
    assert towers.texts(["a red", "a blue"]).shape == (2, 5)
