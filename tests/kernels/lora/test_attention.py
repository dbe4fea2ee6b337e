"""LoRA in timm's attention: which columns change, and layers that read the weight instead of calling."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest
import torch
from torch import nn

from autotransfer._compat import ensure_torchvision
from autotransfer.kernels.lora.attention import adapt_attention
from autotransfer.kernels.lora.layer import LoraLinear

pytestmark = pytest.mark.usefixtures("compiled")


@pytest.fixture(scope="session")
def timm() -> ModuleType:
    ensure_torchvision()
    import timm

    return timm


@pytest.fixture
def attend(timm: ModuleType) -> Callable[[], nn.Module]:
    """Attention of width 12 with a fused query, key and value."""
    return lambda: timm.layers.Attention(12, num_heads=3, qkv_bias=True)


def _qkv(attention: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
    return attention.qkv(x).chunk(3, dim=-1)


@pytest.mark.parametrize("parts", [("q", "v"), ("v", "q"), ("k",), ("q", "k", "v")], ids="".join)
def test_chosen_parts_change_and_no_other(parts, attend) -> None:
    """Each gets (alpha / r) x A_p^T B_p^T with factors of its own; the rest stays what it was."""
    torch.manual_seed(0)
    attention, x = attend(), torch.randn(2, 5, 12)
    before = _qkv(attention, x)
    layer = adapt_attention(attention, rank=2, alpha=6.0, parts=parts)
    assert layer is attention.qkv
    for one, other in zip(_qkv(attention, x), before, strict=True):
        torch.testing.assert_close(one, other)
    nn.init.normal_(layer.lora_B)
    pairs = zip(layer.lora_A.split(2), layer.lora_B.split(12), strict=True)
    factors = dict(zip([part for part in "qkv" if part in parts], pairs, strict=True))
    for name, one, other in zip("qkv", _qkv(attention, x), before, strict=True):
        change = 3.0 * x @ factors[name][0].T @ factors[name][1].T if name in factors else 0.0
        torch.testing.assert_close(one, other + change)


@pytest.mark.parametrize("model", ["vit_tiny_patch16_224", "beit_base_patch16_224", "eva02_tiny_patch14_224"])
def test_whole_models_train_through_it(model: str, timm) -> None:
    """Those that call qkv and those that read its weight (BEiT, EVA): all factors get gradients, nothing else."""
    torch.manual_seed(0)
    net = timm.create_model(model, pretrained=False, img_size=56, depth=1, num_classes=2, embed_dim=96, num_heads=2)
    net.requires_grad_(False)
    modules = [module for module in net.modules() if isinstance(getattr(module, "qkv", None), nn.Linear)]
    layers = [adapt_attention(module, rank=2) for module in modules]
    for layer in layers:
        nn.init.normal_(layer.lora_B)
    net(torch.randn(2, 3, 56, 56)).square().sum().backward()
    got = {name for name, p in net.named_parameters() if p.grad is not None}
    assert got == {name for name, _ in net.named_parameters() if "lora_" in name}
    assert layers
    assert all(layer.lora_A.grad.abs().max() > 0 for layer in layers)


def test_keeps_the_mode(attend) -> None:
    """An attention that predicts goes on to predict."""
    assert not adapt_attention(attend().eval(), dropout=0.5).training


@pytest.mark.parametrize("parts", [(), ("x",), ("q", "q"), ("q", "out")], ids=str)
def test_refuses_parts_that_are_none(parts, attend) -> None:
    with pytest.raises(ValueError, match="some of q, k, v"):
        adapt_attention(attend(), parts=parts)


def test_refuses_an_attention_without_a_common_layer(attend) -> None:
    """Also one that has been adapted before: two on top of each other is no layer that PyTorch would save right."""
    attention = attend()
    adapt_attention(attention)
    for wrong in (nn.MultiheadAttention(12, 3), attention):
        with pytest.raises(ValueError, match="no linear layer qkv"):
            adapt_attention(wrong)
    assert isinstance(attention.qkv, LoraLinear)
