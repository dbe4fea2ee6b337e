"""A changed network as a plain one, where what was learned can be put into the frozen weights."""

from __future__ import annotations

from torch import nn

from autotransfer.kernels import LoraLinear
from autotransfer_peft.layers.lora_conv import LoraConv2d
from autotransfer_peft.layers.qlora import QloraLinear
from autotransfer_peft.layers.scaled import ScaledLinear
from autotransfer_peft.layers.transformers import Place


def merge(network: nn.Module) -> None:
    """Put plain layers with equal outputs in the place of those of LoRA, QLoRA and (IA)³; all others stay."""
    for owner in list(network.modules()):
        for name, child in list(owner.named_children()):
            plain = _plain(child)
            if plain is not None:
                Place(owner, name).put(plain)


def _plain(layer: nn.Module) -> nn.Module | None:
    if isinstance(layer, LoraLinear):
        return layer.merged_linear()
    return layer.merged() if isinstance(layer, LoraConv2d | QloraLinear | ScaledLinear) else None
