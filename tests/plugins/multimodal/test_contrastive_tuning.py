"""A pretrained network with a projection behind it, tuned on pairs."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from autotransfer_multimodal.contrastive_tuning import ContrastiveTuning
from autotransfer_multimodal.tuned_towers import started, trainable
from autotransfer_multimodal.unit_projection import NAME, UnitProjection

from autotransfer.nets.seeding import reproducible
from autotransfer.task import Context, Source
from autotransfer.tuning.prepared import prepared


def test_the_projection_is_put_behind_the_network(pictures) -> None:
    """normalize(P f(x)) with the parameter P; in a sequence of layers, too, where it must not become one of them."""
    module = trainable(pictures).build()
    rows = prepared(trainable(pictures), pictures.rows.take(np.arange(5)))
    features = module(rows).detach()
    UnitProjection(features.shape[1], 7).apply(module)
    P = module.get_parameter(NAME).detach()
    expected = torch.nn.functional.normalize(features @ P.T, dim=1)
    torch.testing.assert_close(module(rows).detach(), expected)


def test_all_of_the_network_is_trained(pictures) -> None:
    with reproducible(0, "cpu"):
        tuning = started(pictures, 6, Context())
    assert all(parameter.requires_grad for parameter in tuning.network.backbone.parameters())
    assert NAME in {name for block in tuning.blocks for name in block}


def test_tuning_moves_the_pretrained_layers(images) -> None:
    method = ContrastiveTuning(epochs=2)
    predictor = method.fit(images.task, images.source, Context())
    before = dict(trainable(images.source).build().named_parameters())
    moved = [name for name in before if f"backbone.{name}" in predictor.arrays]
    assert len(moved) == len(before)


def test_a_source_without_a_network_is_refused(pictures) -> None:
    with pytest.raises(TypeError, match="a network that can be trained further"):
        trainable(Source("rows", pictures.offers, pictures.data))
