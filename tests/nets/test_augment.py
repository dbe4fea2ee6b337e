from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autotransfer.nets.augment import affine, crops, grays, jitter


def test_the_whole_image_at_its_own_size_is_itself_or_its_mirror_image() -> None:
    """With a crop of the whole area only the aspect is random; where it is 1 the grid is the pixels' own."""
    images = torch.rand(64, 3, 8, 8) * 255
    flat = images.mean(dim=(2, 3), keepdim=True).expand_as(images)
    torch.testing.assert_close(crops(flat, 8, 0.3), flat, rtol=1e-4, atol=1e-3)


@settings(max_examples=20, deadline=None)
@given(edge=st.integers(1, 40), smallest=st.floats(0.01, 1.0), seed=st.integers(0, 99))
def test_crops_have_the_edge_and_stay_in_the_values_range(edge: int, smallest: float, seed: int) -> None:
    torch.manual_seed(seed)
    images = torch.randint(0, 256, (3, 3, 11, 7), dtype=torch.uint8)
    found = crops(images, edge, smallest)
    assert found.shape == (3, 3, edge, edge)
    assert found.dtype == torch.float32
    assert found.min() >= images.min() - 1e-3
    assert found.max() <= images.max() + 1e-3


def test_mirroring_happens_every_other_time() -> None:
    """A ramp from left to right falls after mirroring: of 400 images about a half, within five standard deviations."""
    ramp = torch.arange(16.0).expand(400, 1, 16, 16)
    found = crops(ramp, 16, 0.9)
    falling = (found[:, 0, 8, 0] > found[:, 0, 8, -1]).float().mean()
    assert 0.375 < falling < 0.625


def test_a_crop_is_a_part() -> None:
    """On the ramp, a crop's span of values is its share of the width, which for a ninth of the area is at most
    sqrt(4 / 3) / 3 of the image."""
    ramp = torch.arange(300.0).expand(50, 1, 300, 300)
    found = crops(ramp, 16, 1 / 9)
    spans = (found[:, 0].amax(dim=(1, 2)) - found[:, 0].amin(dim=(1, 2))) / 300
    assert spans.max() <= 1.0
    assert spans.min() < 0.6


def test_jitter_of_no_strength_changes_nothing_and_stays_in_range() -> None:
    images = torch.rand(4, 3, 5, 5) * 255
    torch.testing.assert_close(jitter(images, 0.0), images)
    strong = jitter(images, 0.9)
    assert strong.min() >= 0
    assert strong.max() <= 255


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0), (1.0, 6)])
def test_gray_images_have_equal_channels(share: float, expected: int) -> None:
    found = grays(torch.rand(6, 3, 4, 4), share)
    gray = (found.max(dim=1).values - found.min(dim=1).values).amax(dim=(1, 2)) < 1e-6
    assert int(gray.sum()) == expected


def test_affine_maps_keep_what_is_the_same_everywhere_and_at_no_strength_all() -> None:
    images = torch.rand(5, 2, 9, 9) * 255
    torch.testing.assert_close(affine(images, 0.0), images, rtol=1e-4, atol=1e-2)
    flat = images.mean(dim=(2, 3), keepdim=True).expand_as(images)
    torch.testing.assert_close(affine(flat, 0.4), flat, rtol=1e-4, atol=1e-2)


def test_each_image_gets_a_map_of_its_own_and_moves_by_half_its_strength_at_most() -> None:
    """A dot in the middle of 41 pixels, 41 * 0.2 / 2 pixels from there at most, goes where the map's shift takes it."""
    torch.manual_seed(0)
    images = torch.zeros(50, 1, 41, 41)
    images[:, :, 18:23, 18:23] = 1.0
    found = affine(images, 0.2)[:, 0]
    middle = torch.stack([(found.sum(dim=d) * torch.arange(41)).sum(dim=1) / found.sum(dim=(1, 2)) for d in (2, 1)])
    moved = (middle - 20).abs().max(dim=0).values
    assert 1.0 < moved.max() < 41 * 0.2 / 2 / 0.6 + 0.5
    assert len(torch.unique(moved)) == 50
