"""LoRA on four bits: the formula, its gradients, merging, and what a pass keeps."""

from __future__ import annotations

import torch
from autotransfer_peft.layers.nf4 import Nf4
from autotransfer_peft.layers.qlora import QloraLinear
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.functional import linear


def _layer(width: int = 64) -> tuple[QloraLinear, Tensor]:
    torch.manual_seed(0)
    base = nn.Linear(width, width)
    weight = Nf4(base.weight).values()
    layer = QloraLinear(base, 2, 4.0, parts=[(0, width // 2)])
    nn.init.normal_(layer.lora_B)
    return layer, weight


def _plain(layer: QloraLinear, weight: Tensor, x: Tensor) -> Tensor:
    update = torch.cat([2.0 * layer.lora_B @ layer.lora_A, torch.zeros(32, 64)])
    return linear(x, weight + update, layer.bias)


def test_equals_lora_on_the_rounded_weight() -> None:
    """x W'^T + bias + alpha / rank x A^T B^T with W' from the code numbers; gradients of x, A and B too."""
    layer, weight = _layer()
    found = []
    for forward in (layer, lambda x: _plain(layer, weight, x)):
        x = torch.linspace(-1, 1, 5 * 64).view(5, 64).requires_grad_()
        y = forward(x)
        found.append((y, *torch.autograd.grad(y.sin().sum(), [x, layer.lora_A, layer.lora_B])))
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_merged_is_equal() -> None:
    layer, _ = _layer()
    x = torch.randn(5, 64)
    torch.testing.assert_close(layer.merged()(x), layer(x), atol=1e-5, rtol=1e-5)


def test_no_pass_keeps_the_weight_in_full() -> None:
    """Of what autograd saves nothing is as large as the weight; without the layer's own hooks something would be."""
    layer, weight = _layer()
    sizes: list[int] = []

    def look(tensor: Tensor) -> Tensor:
        sizes.append(tensor.numel())
        return tensor

    x = torch.randn(2, 64)
    with saved_tensors_hooks(look, lambda tensor: tensor):
        linear(x.requires_grad_(), weight).sum()
        assert max(sizes) == weight.numel()
    kept = _kept(layer(x))
    assert kept
    assert max(tensor.numel() for tensor in kept) < weight.numel()


def _kept(y: Tensor) -> list[Tensor]:
    """Tensors that the operator's node of the graph holds, as they were packed."""
    found = []
    waiting, seen = [y.grad_fn], set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        for name in dir(node):
            value = getattr(node, name, None) if name.startswith("_raw_saved") else None
            values = value if isinstance(value, tuple) else (value,)
            found += [part.data for part in values if hasattr(part, "data") and isinstance(part.data, Tensor)]
        waiting += [parent for parent, _ in node.next_functions]
    return found


def test_parameters_are_the_factors_and_a_frozen_bias() -> None:
    layer, _ = _layer()
    assert {name for name, value in layer.named_parameters() if value.requires_grad} == {"lora_A", "lora_B"}
    assert sum(value.numel() for value in layer.parameters()) == 2 * 64 + 32 * 2 + 64
