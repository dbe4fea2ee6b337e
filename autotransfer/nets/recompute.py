"""Gradient checkpointing: blocks are passed a second time for their gradients."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint


@contextmanager
def recomputed(network: nn.Module) -> Iterator[None]:
    """Inside, every part of the network's lists and sequences of modules, the outermost ones, is passed twice.

    Gradients, dropout masks and the statistics of normalisation are those of a single pass.
    """
    changed = list(blocks_of(network))
    for block in changed:
        twice = partial(checkpoint, block.forward, use_reentrant=False, context_fn=partial(_passes, block))
        block.forward = twice
    try:
        yield
    finally:
        for block in changed:
            del block.forward


def blocks_of(module: nn.Module) -> Iterator[nn.Module]:
    """The elements of the outermost ``ModuleList`` and ``Sequential`` parts that hold parameters."""
    listed = isinstance(module, nn.ModuleList | nn.Sequential)
    for child in module.children():
        if not any(True for _ in child.parameters()):
            continue
        if listed and not isinstance(child, nn.ModuleList):
            yield child
        else:
            yield from blocks_of(child)


def _passes(block: nn.Module) -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
    """Around the first pass, and around the second."""
    return nullcontext(), _unmoved(block)


@contextmanager
def _unmoved(block: nn.Module) -> Iterator[None]:
    """What the block keeps beside parameters is afterwards as it was: statistics would else move twice."""
    kept: list[tuple[Tensor, Tensor]] = [(buffer, buffer.clone()) for buffer in block.buffers()]
    try:
        yield
    finally:  # the second pass is broken off by an exception once all is there that the gradient needs
        with torch.no_grad():
            for buffer, before in kept:
                buffer.copy_(before)
