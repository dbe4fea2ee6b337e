from __future__ import annotations

import numpy as np
import pytest
import torch

from autotransfer.data import Dataset, Modality
from autotransfer.testing import check_encoder
from autotransfer.testing.levels import Levels
from autotransfer.testing.networks import NETWORKS, WIDTH, NetworkHead, ToyNetwork
from autotransfer.testing.problems import trainable
from autotransfer.testing.tokens import OneToken
from autotransfer.trainable import Trainable

EACH = pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda network: network.name)


@EACH
def test_they_keep_the_promises_of_encoders(network: ToyNetwork) -> None:
    check_encoder(network)


@EACH
def test_built_and_prepared_are_the_features(network: ToyNetwork) -> None:
    data = trainable(network.modality).task.train
    assert isinstance(network, Trainable)
    module = network.build()
    with torch.no_grad():
        found = module(network.prepare(data))
    np.testing.assert_array_equal(found, network.fit(data).transform(data))
    assert found.shape == (len(data), WIDTH)
    names = [name for block in network.blocks(module) for name in block]
    assert sorted(names) == sorted(name for name, _ in module.named_parameters())


@EACH
def test_a_linear_probe_reaches_the_floor(network: ToyNetwork) -> None:
    """What the problem asks of a method can be had from the network as it is."""
    from autotransfer.learners import Linear

    problem = trainable(network.modality)
    fitted = network.fit(problem.task.train)
    probe = Linear(1.0).fit(fitted.transform(problem.task.train), problem.task.train.labels, n_classes=3, seed=0)
    found = probe.predict_features(fitted.transform(problem.test)).argmax(axis=1)
    assert np.mean(found == problem.test.labels) > problem.floor


@EACH
def test_the_head_gives_probabilities(network: ToyNetwork) -> None:
    data = trainable(network.modality).test
    head = NetworkHead(network)
    np.testing.assert_allclose(head.predict(data).sum(axis=1), 1, rtol=1e-5)
    assert NetworkHead.restore(head.state()) == head


def test_one_token_attends_to_itself_alone() -> None:
    """x + V(x) W + b, then the small network on top; nothing is added once both parts are shrunk to nothing."""
    torch.manual_seed(0)
    module, x = OneToken(8), torch.randn(3, 8)
    layer = module.layer
    h = x + layer.attn.proj(layer.attn.qkv(x)[:, 16:])
    torch.testing.assert_close(module(x), h + layer.mlp(h))
    module.shrink(0.0)
    assert torch.equal(module(x), x)


def test_levels_are_means_of_rows() -> None:
    image = torch.zeros(1, 3, 2, 4, dtype=torch.uint8)
    image[0, 1, 1] = 128
    assert Levels()(image).tolist() == [[-1, -1, -1, 0, -1, -1]]


def test_gray_images_are_taken() -> None:
    gray = Dataset("gray", Modality.IMAGE, np.zeros((2, 5, 7), np.uint8))
    assert NETWORKS[Modality.IMAGE].prepare(gray).shape == (2, 3, 16, 16)
