"""Where factors go."""

from __future__ import annotations

import torch
from autotransfer_peft.layers.lora_conv import LoraConv2d
from autotransfer_peft.layers.lora_everywhere import Factors, add_lora
from autotransfer_peft.layers.qlora import QloraLinear
from torch import nn

from autotransfer.kernels import LoraLinear


def _names(network: nn.Module, kind: type[nn.Module]) -> set[str]:
    return {name.rpartition(".")[2] for name, module in network.named_modules() if isinstance(module, kind)}


def test_query_and_value_of_transformers(transformer) -> None:
    """The key's columns of a joint layer stay: two parts, query and value."""
    network, rows = transformer
    add_lora(network, Factors(2, 1.0, 0.0, everywhere=False))
    names = _names(network, LoraLinear)
    assert names == ({"query", "value"} if rows.dtype == torch.int64 else {"qkv"})
    if "qkv" in names:
        parts = {module.parts for module in network.modules() if isinstance(module, LoraLinear)}
        assert parts == {((0, 8), (16, 8))}


def test_all_linear_layers_of_transformers(transformer) -> None:
    network, _ = transformer
    held = sum(isinstance(module, nn.Linear) for module in network.modules())
    add_lora(network, Factors(2, 1.0, 0.0, everywhere=True, four_bits=True))
    assert sum(isinstance(module, QloraLinear) for module in network.modules()) == held


def test_convolutions_of_other_networks(convolutional) -> None:
    """Rank 4: two of loralib's in a 3 × 3 kernel, whose update then has rank 6, and four in a 1 × 1."""
    add_lora(convolutional, Factors(4, 1.0, 0.0, everywhere=False))
    found = {(m.base.kernel_size[0], m.rank) for m in convolutional.modules() if isinstance(m, LoraConv2d)}
    assert found == {(3, 2), (1, 4)}
    assert not any(type(m) is nn.Conv2d for name, m in convolutional.named_modules() if not name.endswith("base"))


def test_alpha_is_scale_times_rank() -> None:
    network = nn.Sequential(nn.Linear(4, 4))
    add_lora(network, Factors(3, 0.5, 0.0, everywhere=False))
    assert (network[0].scale, network[0].alpha) == (0.5, 1.5)
