"""Students: their form, what is seen of them, and how large they are."""

from __future__ import annotations

import numpy as np
import torch
from autotransfer_distillation.pupil import backbone_of, enlist, later, look, target_in_tensors

from autotransfer.data import Dataset, Modality
from autotransfer.nets import ConvSpec, MlpSpec
from autotransfer.task import Context, Task


def test_a_look_is_what_the_network_says_and_the_maps_on_its_way(images) -> None:
    """Scores and representation of ``forward``; maps of the last convolution, whose mean feeds the last layer."""
    rows = target_in_tensors(images.task, "cpu")
    pupil = enlist(rows, backbone_of(rows, 8), Context())
    pupil.network.eval()
    sight = look(pupil.network, rows.T[:5])
    z, scores = pupil.network(rows.T[:5])
    torch.testing.assert_close((sight.z, sight.scores), (z, scores))
    assert sight.maps.shape == (5, 8, 2, 2)
    torch.testing.assert_close(pupil.network.backbone[-3:](sight.maps.mean(dim=(2, 3))), z)


def test_images_are_seen_at_32_pixels_or_their_own_size(images) -> None:
    large = Dataset("large", Modality.IMAGE, np.zeros((4, 50, 40, 3), np.uint8), np.arange(4) % 2)
    assert backbone_of(target_in_tensors(Task(large, ("a", "b")), "cpu"), 8) == ConvSpec(1, 32, (2, 4, 8), 8, True)
    assert backbone_of(target_in_tensors(images.task, "cpu"), 8).size == 16


def test_other_rows_pass_two_layers(texts) -> None:
    rows = target_in_tensors(texts.task, "cpu")
    assert backbone_of(rows, 8) == MlpSpec(rows.T.shape[1], (8, 8))
    assert look(enlist(rows, backbone_of(rows, 8), Context()).network, rows.T[:3]).maps is None


def test_what_comes_later_is_reported_later() -> None:
    told = []
    context = later(Context(report=lambda step, score: told.append((step, score))), 7)
    context.report(2, 0.5)
    assert told == [(9, 0.5)]
