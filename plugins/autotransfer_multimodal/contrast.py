"""The training that all contrastive methods here share. Importing this module imports torch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from autotransfer.nets import Cosine, Plan
from autotransfer.nets.batches import Batch, Rows
from autotransfer.nets.plan import Group
from autotransfer.nets.training import Judge, Turn, train
from autotransfer.task import Context
from autotransfer.tuning.groups import matrices_and_vectors
from autotransfer.tuning.method import TIME_SHARE
from autotransfer_multimodal.networks import Contrastive

BATCH = 128
"""Pairs in a step: as many wrong texts, less one, as a row is told from. The papers take thousands."""
SPARE = 500
"""Pairs from which on a tenth, at most 256, judges epochs."""
DECAY = 0.1
"""Of matrices and kernels."""
_JUDGES, _MOST_STEPS = 256, 600

Loss = Callable[[Tensor, Tensor], Tensor]
"""Images and tokens of a batch to a scalar."""


@dataclass(frozen=True)
class Pace:
    """:param epochs: passes over the pairs, at most 600 steps. :param rate: of Adam, at its highest."""

    epochs: int
    rate: float


def trained(network: Contrastive, pairs: Rows, pace: Pace, ctx: Context, loss: Loss, groups: Sequence[Group]) -> None:
    """Train by a warm-up and half a cosine; from :data:`SPARE` pairs on the epoch with the least loss on held-out pairs
    is what remains.

    :param pairs: images and tokens.
    """
    known, held = _parted(pairs, ctx.seed)
    share = max(TIME_SHARE * ctx.seconds_left(), 1e-3)
    plan = Plan(pace.epochs, BATCH, pace.rate, Cosine(), decay=DECAY, clip=1.0, most_steps=_MOST_STEPS, seconds=share)

    def of_batch(batch: Batch) -> Tensor:
        images, tokens = batch.parts[0]
        return loss(images, tokens)

    train(network, [Turn(of_batch, groups, moved=network.clip)], [known], plan, ctx, _judge(held, loss))


def every(network: nn.Module, rate: float = 1.0) -> list[Group]:
    """All parameters of a network that require gradients, vectors without weight decay."""
    return list(matrices_and_vectors([p for p in network.parameters() if p.requires_grad], rate))


def _parted(pairs: Rows, seed: int) -> tuple[Rows, Rows | None]:
    n = len(pairs[0])
    if n < SPARE:
        return pairs, None
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed)).to(pairs[0].device)
    count = min(n // 10, _JUDGES)
    known, held = (tuple(tensor[chosen] for tensor in pairs) for chosen in (order[count:], order[:count]))
    return known, held


def _judge(held: Rows | None, loss: Loss) -> Judge | None:
    if held is None:
        return None
    images, tokens = held

    def score() -> float:
        with torch.no_grad():
            return -float(loss(images, tokens))

    return score
