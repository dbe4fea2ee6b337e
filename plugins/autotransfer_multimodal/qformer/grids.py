"""What an image encoder sees at each place, before it takes the mean. Importing this module imports torch."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

EDGE = 8
"""Maps of more rows or columns are averaged down to so many."""
_CHUNK = 256


def grids(module: nn.Module, rows: Tensor) -> Tensor:
    """Of prepared images the last output inside of a network that has places, with more than one of them where there
    is such: maps (n, c, h, w) or tokens (n, m, c). Float32 (n, places, channels), without gradients."""
    with torch.no_grad():
        return torch.cat([_places(_last(module, chunk)) for chunk in torch.split(rows, _CHUNK)])


def _last(module: nn.Module, rows: Tensor) -> Tensor:
    kept: dict[bool, Tensor] = {}

    def note(_: nn.Module, __: object, output: object) -> None:
        if isinstance(output, Tensor) and output.dim() in (3, 4) and len(output) == len(rows):
            kept[_count(output) > 1] = output.detach()

    handles = [part.register_forward_hook(note) for part in module.modules()]
    try:
        whole = module(rows)
    finally:
        for handle in handles:
            handle.remove()
    found: Tensor = kept.get(True, kept.get(False, whole[:, None]))
    return found


def _count(output: Tensor) -> int:
    return output.shape[2] * output.shape[3] if output.dim() == 4 else output.shape[1]


def _places(output: Tensor) -> Tensor:
    if output.dim() == 3:
        return output.float()
    if max(output.shape[2:]) > EDGE:
        output = adaptive_avg_pool2d(output, (min(EDGE, output.shape[2]), min(EDGE, output.shape[3])))
    return output.flatten(2).transpose(1, 2).float()
