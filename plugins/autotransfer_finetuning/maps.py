"""What a network's blocks give on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import final

import torch
from torch import Tensor, nn

from autotransfer.nets.recompute import blocks_of
from autotransfer.tuning import Tuning
from autotransfer.tuning.head import probe

_MOST = 128
"""Rows that a channel's need is measured on."""


@final
class Maps:
    """The outputs of a network's blocks."""

    def __init__(self, backbone: nn.Module) -> None:
        self._blocks = list(blocks_of(backbone)) or [backbone]

    @contextmanager
    def kept(self) -> Iterator[list[Tensor]]:
        """Inside, each pass adds its maps to the list, block by block."""
        found: list[Tensor] = []

        def note(_: nn.Module, __: object, output: object) -> None:
            if isinstance(output, Tensor):
                found.append(output)

        handles = [block.register_forward_hook(note) for block in self._blocks]
        try:
            yield found
        finally:
            for handle in handles:
                handle.remove()


def channels_first(output: Tensor) -> Tensor:
    """Maps of planes (n, c, h, w) with their places in a row, tokens (n, length, c) and vectors (n, c) turned."""
    if output.dim() >= 4:
        return output.flatten(2)
    return output.transpose(1, 2) if output.dim() == 3 else output[:, :, None]


def attention(tuning: Tuning) -> list[Tensor]:
    """For each block's map the need of each channel, a mean of 1 over the channels.

    Softmax, times the number of channels, of the first-order change of the mean loss when the channel is set to 0,
    standardised over the channels: ``|sum(gradient * map)|``. The head is fitted for it, and put back.
    """
    network, rows = tuning.network, tuning.rows
    head = {name: tensor.clone() for name, tensor in network.head.state_dict().items()}
    probe(tuning)
    chosen = torch.randperm(len(rows.X))[:_MOST].to(rows.X.device)
    with Maps(network.backbone).kept() as maps:
        loss = rows.loss(network.eval()(rows.X[chosen]).scores, rows.y[chosen])
    slopes = torch.autograd.grad(loss, maps)
    network.head.load_state_dict(head)
    return [_need(slope, part.detach()) for slope, part in zip(slopes, maps, strict=True)]


def _need(slope: Tensor, part: Tensor) -> Tensor:
    change = channels_first(slope * part).sum(dim=(0, 2)).abs()
    spread = change.std(unbiased=False)
    return torch.softmax((change - change.mean()) / (spread + 1e-12), dim=0) * len(change)
