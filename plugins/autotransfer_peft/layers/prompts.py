"""Learned tokens in front of those that pass a transformer's layers."""

from __future__ import annotations

import math
from typing import Any, final

import torch
from torch import Tensor, nn

from autotransfer_peft.layers.masks import longer
from autotransfer_peft.layers.transformers import transformer_layers

_MASKS = ("mask", "attn_mask", "attention_mask")
"""What layers call it: the zoo's, timm's, BERT's."""


@final
class Prompts(nn.Module):
    """What a layer knows of prompts.

    :param tokens: of its own, (count, width); None: they came with the rows. :param count: in front of its rows.
    :param leave: whether they are taken off behind it.
    """

    def __init__(self, count: int, width: int, *, enter: bool, leave: bool) -> None:
        super().__init__()
        self.count, self.leave = count, leave
        bound = math.sqrt(6 / (2 * width))
        tokens = torch.empty(count, width).uniform_(-bound, bound)
        self.tokens = nn.Parameter(tokens) if enter else None


def prompted(layer: nn.Module, prompts: Prompts) -> None:
    """Let the layer's rows have prompts, by hooks: whatever else the layer is called with stays."""
    layer.prompts = prompts
    layer.register_forward_pre_hook(_before, with_kwargs=True)
    layer.register_forward_hook(_behind)


def _before(layer: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    prompts = layer.prompts
    assert isinstance(prompts, Prompts)  # noqa: S101 - for the type checker: prompted put it there
    x, *rest = given
    if prompts.tokens is not None:
        x = torch.cat([prompts.tokens.to(x.dtype).expand(len(x), -1, -1), x], dim=1)
    wide = [longer(rest[0], prompts.count, queries=True), *rest[1:]] if rest else []
    masks = {name: longer(named[name], prompts.count, queries=True) for name in _MASKS if name in named}
    return (x, *wide), {**named, **masks}


def _behind(layer: nn.Module, given: tuple[Any, ...], out: Any) -> Any:
    prompts = layer.prompts
    if not isinstance(prompts, Prompts) or not prompts.leave:
        return out
    if isinstance(out, tuple):
        return (_rest(out[0], prompts.count), *out[1:])
    return _rest(out, prompts.count)


def _rest(x: Tensor, count: int) -> Tensor:
    return x[:, count:]


def add_prompts(network: nn.Module, count: int, *, deep: bool) -> None:
    """In front of the rows of the first layer, through to behind the last; deep: in and out at each layer."""
    layers = transformer_layers(network)
    last = len(layers) - 1
    for index, parts in enumerate(layers):
        prompts = Prompts(count, parts.width, enter=deep or index == 0, leave=deep or index == last)
        prompted(parts.whole.layer, prompts)
