"""Telling a row's own representation from those of other rows."""

from __future__ import annotations

import math
from typing import final

import torch
from torch import Tensor, nn
from torch.nn import functional


@final
class Projection(nn.Module):
    """A linear map, and each row scaled to length 1: the embeddings g of the paper."""

    def __init__(self, width: int, to_width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width, to_width)

    def forward(self, z: Tensor) -> Tensor:
        """(n, width) to (n, to_width)."""
        return functional.normalize(self.linear(z), dim=1)


def info_nce(anchors: Tensor, others: Tensor, temperature: float, forbidden: Tensor | None = None) -> Tensor:
    """``-log(exp(a_i b_i / T) / sum_j exp(a_i b_j / T))``, the mean over rows i: van den Oord, Li and Vinyals,
    Representation Learning with Contrastive Predictive Coding (arXiv:1807.03748), equation 4.

    :param anchors: a (n, d). :param others: b (m, d), m >= n; its first n rows belong to the anchors.
    :param temperature: T, > 0. :param forbidden: (n, m), pairs that are no negatives; the own pair stays.
    """
    scores = _hidden(anchors @ others.T / temperature, forbidden, -math.inf)
    return functional.cross_entropy(scores, torch.arange(len(anchors), device=anchors.device))


def critic_loss(
    anchors: Tensor, others: Tensor, temperature: float, level: float, forbidden: Tensor | None = None
) -> Tensor:
    """``-log h(i, i) - sum_j log(1 - h(i, j))`` over negatives j, the mean over rows i, with the critic
    ``h = e^s / (e^s + Z N / M)``, ``s = a_i b_j / T``, N negatives and M rows in all: Tian, Krishnan and Isola,
    Contrastive Representation Distillation, ICLR 2020 (arXiv:1910.10699), equations 10 and 19.

    Z is 1 in the paper. Here it is the constant of the authors' code, M times the mean of e^s in the first batch: with
    a temperature of 0.07 and Z = 1 nearly all pairs look alike to the critic, and the loss is hundreds of times that
    of the labels. M cancels.

    :param level: the logarithm of the mean of e^s in the first batch, see :func:`mean_level`. The other parameters are
        those of :func:`info_nce`.
    """
    n, m = len(anchors), len(others)
    logits = anchors @ others.T / temperature - level - math.log(max(1, m - 1))
    own = torch.eye(n, m, dtype=torch.bool, device=anchors.device)
    right = -functional.logsigmoid(logits[own])
    wrong = _hidden(-functional.logsigmoid(-logits), forbidden, 0.0).masked_fill(own, 0.0)
    return (right + wrong.sum(dim=1)).mean()


def mean_level(anchors: Tensor, others: Tensor, temperature: float) -> float:
    """``log(mean(exp(a_i b_j / T)))`` over all pairs."""
    scores = (anchors @ others.T / temperature).detach().flatten()
    return float(scores.logsumexp(dim=0)) - math.log(len(scores))


def _hidden(values: Tensor, forbidden: Tensor | None, fill: float) -> Tensor:
    """The values with forbidden pairs replaced, a row's own pair aside."""
    if forbidden is None:
        return values
    own = torch.eye(*values.shape, dtype=torch.bool, device=values.device)
    return values.masked_fill(forbidden & ~own, fill)
