"""Weight decay of a head, as a term of the loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn


def head_decay(head: nn.Module, beta: float) -> Tensor:
    """``beta / 2 ||v||^2`` of the head's weights and biases v."""
    import torch

    return beta / 2 * torch.stack([parameter.square().sum() for parameter in head.parameters()]).sum()
