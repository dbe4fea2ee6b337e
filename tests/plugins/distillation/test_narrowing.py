"""A network without units says what the whole one says when these units are silenced."""

from __future__ import annotations

import copy

import pytest
import torch
from autotransfer_distillation.narrowing import narrowed
from torch import nn

from autotransfer.nets import ConvSpec, MlpSpec, NetworkSpec
from autotransfer.nets.network import Network

SPECS = {
    "mlp": NetworkSpec(MlpSpec(6, (8, 5)), 3, heads=2),
    "conv": NetworkSpec(ConvSpec(2, 9, (6, 4), 7), 3),
    "pooled": NetworkSpec(ConvSpec(1, 9, (6, 4, 5), 7, pooled=True), 3),
}


def trained(spec: NetworkSpec) -> Network:
    """With statistics and normalisations as if something had been learned."""
    torch.manual_seed(0)
    network = spec.build()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            for tensor in (module.weight, module.bias, module.running_mean):
                tensor.data.normal_()
            module.running_var.uniform_(0.5, 2.0)
    return network.eval()


def silenced(network: Network, share: float) -> Network:
    """The units with the least sum of absolute weights give 0: normalised to 0 before the ReLU."""
    quiet = copy.deepcopy(network)
    modules = list(quiet.backbone.modules())
    layers = [module for module in modules if isinstance(module, nn.Linear | nn.Conv2d)]
    norms = [module for module in modules if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d)]
    for layer, norm in zip(layers, norms, strict=True):
        strength = layer.weight.detach().abs().flatten(1).sum(dim=1)
        gone = strength.argsort()[: len(strength) - max(1, round((1 - share) * len(strength)))]
        norm.weight.data[gone] = 0.0
        norm.bias.data[gone] = 0.0
    return quiet


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
@pytest.mark.parametrize("share", [0.0, 0.4, 0.99])
def test_removed_is_silenced(spec: NetworkSpec, share: float) -> None:
    network = trained(spec)
    backbone = spec.backbone
    X = torch.randn(11, backbone.inputs if isinstance(backbone, MlpSpec) else backbone.channels * backbone.size**2)
    smaller, found = narrowed(spec, network, share)
    torch.testing.assert_close(found.eval()(X).scores, silenced(network, share)(X).scores, rtol=1e-4, atol=1e-5)
    assert smaller.build().state_dict().keys() == found.state_dict().keys()


def test_the_spec_says_how_many_units_are_left() -> None:
    smaller, _ = narrowed(SPECS["conv"], trained(SPECS["conv"]), 0.5)
    assert smaller.backbone == ConvSpec(2, 9, (3, 2), 4)
    smaller, _ = narrowed(SPECS["mlp"], trained(SPECS["mlp"]), 0.99)
    assert smaller.backbone == MlpSpec(6, (1, 1))
