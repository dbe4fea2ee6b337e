from __future__ import annotations

import numpy as np
import pytest

from autotransfer.config import from_json, to_json
from autotransfer.errors import InputError
from autotransfer.pretrained.specs import ResNetSpec, VitSpec, resnet

from .conftest import SPEC, images


def test_a_spec_survives_json() -> None:
    assert from_json(ResNetSpec, to_json(SPEC)) == SPEC


def test_rows_are_planes_of_bytes() -> None:
    rows = SPEC.rows(images(3))
    assert rows.shape == (3, 3, 16, 16)
    assert rows.dtype == np.uint8


@pytest.mark.parametrize(
    "bad", [{"size": 0}, {"size": 10**9}, {"widths": (2.5, 8)}, {"widths": (8,)}, {"stem_stride": "1"}]
)
def test_absurd_sizes_are_refused_before_anything_is_built(bad: dict[str, object]) -> None:
    with pytest.raises(InputError):
        from_json(ResNetSpec, {**to_json(SPEC), **bad})


def test_stages_double() -> None:
    assert resnet(None, 64).widths == (8, 16, 32, 64)
    with pytest.raises(InputError, match="multiple of 8"):
        resnet(None, 60)


def test_a_stem_halves_edges_as_often_as_patches_are_large() -> None:
    """As many tokens as a cut into patches gives, and features of the same width."""
    import torch

    pixels = torch.zeros(2, 3, 16, 24)
    for stem in ((), (4, 8)):
        network = VitSpec(16, 4, 8, 1, 2, stem).build()
        assert network.patches(pixels).shape == (2, 4 * 6, 8)
        assert network(pixels).shape == (2, 8)
    with pytest.raises(InputError, match="patches of 2 pixels"):
        VitSpec(16, 4, 8, 1, 2, (4,))
    with pytest.raises(InputError):
        from_json(VitSpec, {"size": 16, "stem": [8, 8, -1]})
