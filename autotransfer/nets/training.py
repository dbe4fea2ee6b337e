"""The training loop that all methods with a network share."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, final

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from autotransfer.errors import TrainingError
from autotransfer.nets.batches import Batch, Batches, Rows
from autotransfer.nets.plan import Group, Plan
from autotransfer.task import Context

Loss: TypeAlias = Callable[[Batch], Tensor]
"""A scalar to be made small."""

Judge: TypeAlias = Callable[[], float]
"""The score on validation rows, larger is better; called with the network in evaluation mode."""


@final
@dataclass(frozen=True, eq=False)
class Turn:
    """One player's move in each step: its loss, and the parameters that follow it. All others stay.

    :param repeats: updates a step, each with the loss computed anew.
    """

    loss: Loss
    groups: Sequence[Group]
    repeats: int = 1


def train(
    network: nn.Module,
    turns: Sequence[Turn],
    sets: Sequence[Rows],
    plan: Plan,
    ctx: Context,
    judge: Judge | None = None,
) -> int:
    """Train, and return the number of steps made. Call it inside of ``seeding.reproducible``.

    :param network: is set to training mode, at the end to evaluation mode; what it does not hold keeps its mode.
    :param turns: move one after the other in each step.
    :param sets: on the device of the network; a batch holds rows of each.
    :param judge: asked after each epoch; its score is reported by ``ctx.report``, and the weights with the best one are
        what remains.
    :raises TrainingError: a loss is not finite.
    :raises OutOfTimeError, PrunedError: as ``ctx`` does.
    """
    largest = max(len(rows[0]) for rows in sets)
    steps, epoch = plan.steps(largest), plan.steps_per_epoch(largest)
    batches = Batches(sets, plan.batch, ctx.seed)
    players = [(turn, plan.optimise(turn.groups)) for turn in turns]
    best = _Best(network, plan.patience)
    network.train()
    made = 0
    while made < steps and not best.settled:
        ctx.check_time()
        batch = batches.draw(made, made / steps)
        losses = [_move(turn, optimiser, batch, plan) for turn, optimiser in players for _ in range(turn.repeats)]
        made += 1
        if made % epoch == 0 or made == steps:
            _refuse_wild(losses, made)
            if judge is not None:
                network.eval()
                best.note(judge(), ctx)
                network.train()
    best.restore()
    network.eval()
    return made


def _move(turn: Turn, optimiser: Optimizer, batch: Batch, plan: Plan) -> Tensor:
    """One update; returns the loss."""
    plan.set_rate(optimiser, batch.progress)
    optimiser.zero_grad()
    pieces = batch.pieces(plan.accumulate)
    parameters = [parameter for group in turn.groups for parameter in group.parameters]
    total = torch.zeros((), device=parameters[0].device)
    for piece, share in pieces:
        loss = turn.loss(piece) * share
        torch.autograd.backward(loss, inputs=parameters)
        total += loss.detach()
    if plan.clip is not None:
        nn.utils.clip_grad_norm_(parameters, plan.clip)
    optimiser.step()
    return total


def _refuse_wild(losses: Sequence[Tensor], step: int) -> None:
    if not all(bool(torch.isfinite(loss)) for loss in losses):
        raise TrainingError(f"the loss is not finite after {step} steps; lower the learning rate or the weights")


@final
class _Best:
    """The weights with the best score so far."""

    def __init__(self, network: nn.Module, patience: int | None) -> None:
        self._network, self._patience = network, patience
        self._score = -float("inf")
        self._weights: dict[str, Tensor] | None = None
        self._epoch, self._found = 0, 0

    @property
    def settled(self) -> bool:
        return self._patience is not None and self._epoch - self._found >= self._patience

    def note(self, score: float, ctx: Context) -> None:
        self._epoch += 1
        if score > self._score:
            self._score, self._found = score, self._epoch
            self._weights = copy.deepcopy(self._network.state_dict())
        ctx.report(self._epoch, score)

    def restore(self) -> None:
        if self._weights is not None:
            self._network.load_state_dict(self._weights)
