"""Merged networks say what the changed ones say."""

from __future__ import annotations

import pytest
import torch
from autotransfer_peft.ia3 import Ia3
from autotransfer_peft.layers.lora_conv import LoraConv2d
from autotransfer_peft.layers.merging import merge
from autotransfer_peft.layers.qlora import QloraLinear
from autotransfer_peft.layers.scaled import ScaledLinear
from autotransfer_peft.lora import Lora
from autotransfer_peft.method import PeftMethod
from autotransfer_peft.qlora import Qlora
from torch import nn

from autotransfer.kernels import LoraLinear

METHODS = [Lora(), Lora(everywhere=True, stabilised=True), Qlora(), Qlora(everywhere=False), Ia3()]
CHANGED = (LoraLinear, LoraConv2d, QloraLinear, ScaledLinear)


def _randomised(network: nn.Module) -> None:
    for parameter in network.parameters():
        if parameter.requires_grad:
            nn.init.normal_(parameter, 0.5, 0.2)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_transformer(transformer, method: PeftMethod) -> None:
    """Random factors; no changed layer is left; the layers' types are those of the network as it was."""
    network, rows = transformer
    kinds, plain = [type(module) for module in network.modules()], network(rows)
    method.apply(network)
    _randomised(network.eval())
    before = network(rows)
    assert not torch.allclose(before, plain, atol=1e-3)
    merge(network)
    torch.testing.assert_close(network(rows), before, atol=1e-4, rtol=1e-3)
    assert [type(module) for module in network.modules()] == kinds


def test_a_convolutional_network(convolutional, images) -> None:
    Lora().apply(convolutional)
    _randomised(convolutional.eval())
    before = convolutional(images)
    assert any(isinstance(module, LoraConv2d) for module in convolutional.modules())
    merge(convolutional)
    torch.testing.assert_close(convolutional(images), before, atol=1e-4, rtol=1e-3)
    assert not any(isinstance(module, CHANGED) for module in convolutional.modules())
