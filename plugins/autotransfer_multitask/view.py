"""One batch of all tasks, seen through a network whose first layers they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

import torch
from torch import Tensor, nn
from torch.nn import functional

from autotransfer.nets.batches import Batch
from autotransfer.nets.network import Network
from autotransfer_multitask.losses import TaskLosses, means


@final
@dataclass(frozen=True, eq=False)
class View:
    """A batch: equally many rows of each task, as far as it has them.

    :param X: (n, d). :param y: (n,). :param task: int64 (n,), index among all tasks. :param slot: int64 (n,), index
        among the ``count`` tasks that have rows.
    """

    network: Network
    measure: TaskLosses
    X: Tensor
    y: Tensor
    task: Tensor
    slot: Tensor
    count: int
    batch: Batch

    @classmethod
    def of(cls, network: Network, measure: TaskLosses, batch: Batch, present: Sequence[int]) -> View:
        """A batch with a part for each task that is ``present``."""
        X, y = (torch.cat([part[index] for part in batch.parts]) for index in (0, 1))
        sizes = torch.tensor([len(part[0]) for part in batch.parts], device=X.device)
        slot = torch.repeat_interleave(torch.arange(len(sizes), device=X.device), sizes)
        task = torch.tensor(present, device=X.device)[slot]
        return cls(network, measure, X, y, task, slot, len(sizes), batch)

    @cached_property
    def _passed(self) -> tuple[list[tuple[Tensor, Tensor]], Tensor]:
        found, values = [], self.X
        for layer in self.network.backbone.children():
            before, values = values, layer(values)
            if isinstance(layer, nn.Linear):
                found.append((before, values))
        return found, values

    @property
    def layers(self) -> list[tuple[Tensor, Tensor]]:
        """Of each fully connected layer of the backbone what it takes in, (n, a), and what it gives out, (n, b)."""
        return self._passed[0]

    @property
    def z(self) -> Tensor:
        """Representations (n, width)."""
        return self._passed[1]

    def losses_of(self, scores: Tensor) -> Tensor:
        """The mean loss of each task, (count,), from scores of all tasks."""
        return means(self.measure.rows(scores, self.task, self.y), self.slot, self.count)

    @cached_property
    def losses(self) -> Tensor:
        """The mean loss of each task, (count,)."""
        return self.losses_of(self.network.score(self.z))

    @cached_property
    def jacobian(self) -> Tensor:
        """The gradient of each task's loss by the backbone's parameters, (count, parameters); the last layer's stand
        last.

        A row belongs to one task, and without batch normalisation it has no part in what becomes of others: so the
        gradients of all tasks follow from one backward pass, as sums over rows of the product of what a layer took in
        and the loss's gradient by what it gave out.
        """
        gave = [after for _, after in self.layers]
        deltas = torch.autograd.grad(self.losses.sum(), gave, retain_graph=True)
        return torch.cat([self._layer(i, delta) for i, delta in enumerate(deltas)], dim=1).detach()

    def _layer(self, index: int, delta: Tensor) -> Tensor:
        sizes = torch.bincount(self.slot, minlength=self.count).tolist()
        took, delta = (
            nn.utils.rnn.pad_sequence(list(torch.split(rows, sizes)), batch_first=True)
            for rows in (self.layers[index][0].detach(), delta)
        )
        weight = torch.einsum("kni,knj->kij", delta, took).flatten(1)
        return torch.cat([weight, delta.sum(dim=1)], dim=1)

    def last_layer(self) -> Tensor:
        """The part of :attr:`jacobian` that belongs to the last layer's weights, (count, b * a)."""
        before, after = self.layers[-1]
        size = before.shape[1] * after.shape[1]
        own = self.jacobian[:, -(size + after.shape[1]) :]
        return own[:, :size]

    def combined(self, weights: Tensor) -> Tensor:
        """A loss whose gradient by the backbone is that of ``weights @ losses``, while each task's head follows its own
        loss alone: what methods that combine gradients do."""
        head = self.network.heads[0]
        if not isinstance(head, nn.Linear):
            raise TypeError("the heads of tasks are linear")
        shared = self.losses_of(functional.linear(self.z, head.weight.detach(), head.bias.detach()))
        return weights.detach() @ shared + self.losses_of(head(self.z.detach())).sum()
