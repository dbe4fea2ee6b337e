"""Statistics of batch normalisation against NumPy."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from autotransfer_adaptation.deep.statistics import normalisations, take_statistics


@pytest.mark.parametrize("prior", [0.0, 16.0, 1e12])
def test_each_layer_mixes_its_own_statistics_with_those_of_its_inputs(trained, prior: float) -> None:
    """N / (N + n) source + n / (N + n) target, the first layer's inputs being X W' + b, the second's what the first
    passes on under its new statistics."""
    network, X = trained.network, trained.rows.T
    old = copy.deepcopy(network)
    take_statistics(network, X, prior)
    share = len(X) / (len(X) + prior)
    inputs = X
    for index in (0, 3):
        linear, after, before = network.backbone[index], network.backbone[index + 1], old.backbone[index + 1]
        with torch.no_grad():
            values = linear(inputs)
            inputs = torch.relu(after(values))
        expected = (1 - share) * before.running_mean + share * values.mean(0)
        np.testing.assert_allclose(after.running_mean, expected, atol=1e-5)
        variance = (1 - share) * before.running_var + share * values.var(0, correction=0)
        np.testing.assert_allclose(after.running_var, variance, rtol=1e-4, atol=1e-6)
    assert not network.training


def test_weights_stay(trained) -> None:
    before = {name: tensor.clone() for name, tensor in trained.network.named_parameters()}
    take_statistics(trained.network, trained.rows.T, 0.0)
    assert len(normalisations(trained.network)) == 2
    assert all(torch.equal(tensor, before[name]) for name, tensor in trained.network.named_parameters())


def test_images_have_one_statistic_a_channel() -> None:
    """Over rows and places: the mean of x W over all of them."""
    from autotransfer.nets import ConvSpec, NetworkSpec

    torch.manual_seed(0)
    network, X = NetworkSpec(ConvSpec(1, 8, (4,), 6), 2).build().eval(), torch.randn(30, 64)
    take_statistics(network, X, 0.0)
    with torch.no_grad():
        values = network.backbone[1](network.backbone[0](X))
    np.testing.assert_allclose(network.backbone[2].running_mean, values.mean((0, 2, 3)), atol=1e-6)
    np.testing.assert_allclose(network.backbone[2].running_var, values.var((0, 2, 3), correction=0), rtol=1e-4)
