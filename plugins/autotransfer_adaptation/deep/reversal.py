"""Gradient reversal, the schedule of its strength, and the domain classifier behind it (Ganin et al., JMLR 2016)."""

from __future__ import annotations

import math
from typing import Any, cast, final

import torch
from torch import Tensor, nn
from torch.nn import functional


@final
class _Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * grad, None


def reverse_gradient(x: Tensor, strength: float) -> Tensor:
    """The identity, whose gradient is multiplied with ``-strength``."""
    found: Tensor = cast(Any, _Reversal).apply(x, strength)
    return found


def strength_at(progress: float, gamma: float = 10.0) -> float:
    """``2 / (1 + exp(-gamma p)) - 1``: from 0 to almost 1, so that the domain classifier learns first."""
    return 2.0 / (1.0 + math.exp(-gamma * progress)) - 1.0


def domain_classifier(inputs: int, hidden: int) -> nn.Module:
    """One hidden layer, and the logit of "source", (n, 1)."""
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, 1))


def domain_loss(source: Tensor, target: Tensor, weights: tuple[Tensor, Tensor] | None = None) -> Tensor:
    """Cross-entropy of the logits (m, 1) of source rows and (n, 1) of target rows; both domains count the same.

    :param weights: (m,) and (n,), of mean 1.
    """
    losses = functional.softplus(-source[:, 0]), functional.softplus(target[:, 0])
    if weights is not None:
        losses = losses[0] * weights[0], losses[1] * weights[1]
    return (losses[0].mean() + losses[1].mean()) / 2
