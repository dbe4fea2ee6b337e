"""The training loop that all methods with a network share."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeAlias, final

import torch
from torch import Tensor, nn

from autotransfer.errors import TrainingError
from autotransfer.nets.batches import Batch, Batches, Rows
from autotransfer.nets.clock import Clock
from autotransfer.nets.plan import Group, Plan
from autotransfer.nets.precision import Precision
from autotransfer.nets.recompute import recomputed
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
    :param moved: told of each update, with its progress, e.g. to average weights.
    """

    loss: Loss
    groups: Sequence[Group]
    repeats: int = 1
    moved: Callable[[float], None] | None = None


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
    :param judge: asked after each epoch and at the end; its score is reported by ``ctx.report``, and the weights with
        the best one are what remains.
    :raises TrainingError: a loss is not finite.
    :raises OutOfTimeError, PrunedError: as ``ctx`` does.
    """
    largest = max(len(rows[0]) for rows in sets)
    steps, epoch = plan.steps(largest), plan.steps_per_epoch(largest)
    batches = Batches(sets, plan.batch, ctx.seed)
    players = [_Player(turn, plan, ctx.device) for turn in turns]
    best, clock = _Best(network, plan.patience), Clock(plan.seconds)
    network.train()
    made, progress = 0, 0.0
    with recomputed(network) if plan.recompute else nullcontext():
        while progress < 1.0 and not best.settled:
            ctx.check_time()
            batch = batches.draw(made, progress)
            losses = [player.move(batch) for player in players for _ in range(player.turn.repeats)]
            made += 1
            progress = clock.progress(made / steps)
            if made % epoch == 0 or progress >= 1.0:
                _refuse_wild(losses, made)
                if judge is not None:
                    network.eval()
                    best.note(judge(), ctx)
                    network.train()
    best.restore()
    network.eval()
    return made


@final
class _Player:
    """A turn, its optimiser and its precision."""

    def __init__(self, turn: Turn, plan: Plan, device: str) -> None:
        self.turn, self._plan = turn, plan
        self._optimiser = plan.optimise(turn.groups)
        self._precision = Precision(plan.precision, device)

    def move(self, batch: Batch) -> Tensor:
        """One update; returns the loss."""
        plan, groups = self._plan, [group for group in self.turn.groups if group.since <= batch.progress]
        parameters = [parameter for group in groups for parameter in group.parameters]
        plan.set_rate(self._optimiser, batch.progress)
        self._optimiser.zero_grad()
        total = torch.zeros((), device=parameters[0].device)
        for piece, share in batch.pieces(plan.accumulate):
            with self._precision.cast():
                loss = self.turn.loss(piece) * share
            torch.autograd.backward(self._precision.scaled(loss), inputs=parameters)
            total += loss.detach()
        self._precision.step(self._optimiser, parameters, plan.clip)
        if self.turn.moved is not None:
            self.turn.moved(batch.progress)
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
